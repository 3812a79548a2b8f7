import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/timbridge_test.dart';

import 'support.dart';

/// Other orders of the same. Needs a bridge, as bridge_test.dart does.
void main() {
  late TimBridge chat;
  late Client alice;

  setUp(() async {
    chat = await TimBridge.start();
    alice = Client();
    await alice.logIn('alice', chat);
    await chat.user('bob').says('hi', to: 'alice');
    alice.log.clear();
  });

  /// Pins twice, the second time as soon as the first is answered. Returns what was heard, in order.
  Future<List<String>> pinTwice() async {
    for (final bool isPinned in <bool>[true, false]) {
      await alice.noted(
          'pinConversation', <String, Object?>{'conversationID': 'c2c_bob', 'isPinned': isPinned});
    }
    await chat.deliver();
    return List<String>.of(alice.log);
  }

  const List<String> usual = <String>[
    'pinConversation 0',
    'onConversationChanged',
    'pinConversation 0',
    'onConversationChanged',
  ];

  testWidgets('the usual one changes nothing', (WidgetTester tester) async {
    chat.follow(TimSchedule.usual);
    expect(await pinTwice(), usual);
  });

  testWidgets('an event comes ahead of the reply', (WidgetTester tester) async {
    chat.follow(TimSchedule.steps('1:1'));
    expect((await pinTwice()).take(2), <String>['onConversationChanged', 'pinConversation 0']);
  });

  testWidgets('an event waits for the next call of an app that calls at once', (WidgetTester tester) async {
    chat.follow(TimSchedule.steps('2:1'));
    final List<String> heard = await pinTwice();
    expect(heard.where((String one) => one == 'onConversationChanged'), hasLength(2));
    expect(heard.take(2), <String>['pinConversation 0', 'onConversationChanged']);
  });

  testWidgets('an app that waits hears all', (WidgetTester tester) async {
    chat.follow(TimSchedule.steps('2:1'));
    await alice.noted('pinConversation', <String, Object?>{'conversationID': 'c2c_bob', 'isPinned': true});
    await tester.pump();
    await chat.deliver();
    expect(alice.log, <String>['pinConversation 0', 'onConversationChanged']);
  });

  final Set<String> orders = <String>{};

  for (final TimSchedule schedule in TimSchedule.some(16)) {
    testWidgets('all is heard, $schedule', (WidgetTester tester) async {
      chat.follow(schedule);
      final List<String> heard = await pinTwice();
      expect(List<String>.of(heard)..sort(), List<String>.of(usual)..sort());
      orders.add(heard.join(' '));
    });
  }

  test('the orders differ', () {
    expect(orders.length, greaterThan(1));
  });

  test('a schedule has a name', () {
    expect('${TimSchedule.seed(7)}', 'under schedule 7');
    expect('${TimSchedule.steps('3:1')}', 'under the schedule 3:1');
    expect('${TimSchedule.usual}', 'in the usual order');
    expect(TimSchedule.some(3), hasLength(4));
  });
}
