import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/timbridge_test.dart';

import 'support.dart';

/// The service's clock and the others. Needs a bridge, as bridge_test.dart does.
void main() {
  testWidgets('the service has the time it is given', (WidgetTester tester) async {
    final DateTime now = DateTime.utc(2030, 5, 4, 12);
    final TimBridge chat = await TimBridge.start(now: now);
    expect(chat.now.difference(now), lessThan(const Duration(seconds: 1)));
    final TimMessage message = await chat.user('bob').says('hi', to: 'alice');
    expect(message.sentAt, now);
  });

  testWidgets('a message of the wall\'s time can be taken back as long as it should', (WidgetTester tester) async {
    final TimBridge chat = await TimBridge.start(now: DateTime.now());
    final TimUser bob = chat.user('bob');
    final TimMessage message = await bob.says('oops', to: 'alice');
    expect(DateTime.now().difference(message.sentAt), lessThan(const Duration(minutes: 1)));
    await chat.pump(tester, const Duration(minutes: 3));
    await expectLater(bob.revokes(message), throwsA(isA<TimRefusal>()));
  });

  testWidgets('no time before the world\'s beginning', (WidgetTester tester) async {
    await expectLater(
      TimBridge.start(now: DateTime.utc(2001)),
      throwsA(isA<TimBridgeException>().having((TimBridgeException e) => e.message, 'message', contains('2001'))),
    );
  });

  test('in real time it follows the wall, and timeouts come', () async {
    final TimBridge chat = await TimBridge.start(poll: const Duration(milliseconds: 50));
    expect(chat.now.difference(DateTime.now()).abs(), lessThan(const Duration(seconds: 2)));
    final Client alice = Client();
    await alice.logIn('alice', chat);
    await alice.noted('invite', <String, Object?>{'invitee': 'bob', 'data': '{}', 'timeout': 1});
    await Future<void>.delayed(const Duration(milliseconds: 1500));
    expect(alice.log, contains('onInvitationTimeout'));
    expect(chat.now.difference(DateTime.now()).abs(), lessThan(const Duration(seconds: 2)));
  });

  test('a server with a real clock keeps it', () async {
    final TimServer server = await TimServer.start(arguments: <String>['--clock', 'real']);
    addTearDown(server.stop);
    final TimBridge chat = TimBridge.connect(server.address, poll: const Duration(milliseconds: 50));
    expect(chat.now.difference(DateTime.now()).abs(), lessThan(const Duration(seconds: 2)));
    await Future<void>.delayed(const Duration(milliseconds: 300));
    expect(chat.now.difference(DateTime.now()).abs(), lessThan(const Duration(seconds: 2)));
    await chat.dispose();
  });
}
