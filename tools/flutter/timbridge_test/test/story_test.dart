import 'dart:async';

import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/timbridge_test.dart';

import 'support.dart';

/// Needs a bridge, as bridge_test.dart does.
void main() {
  late TimBridge chat;
  late Client alice;

  setUp(() async {
    chat = await TimBridge.start();
    alice = Client();
    await alice.logIn('alice', chat);
  });

  group('other people', () {
    testWidgets('bob says something to alice', (WidgetTester tester) async {
      final Map<String, Object?> sent = await chat.user('bob').says('hi', to: 'alice');
      expect(alice.log, contains('onRecvNewMessage'));
      final Map<Object?, Object?> heard = alice.data['onRecvNewMessage']! as Map<Object?, Object?>;
      expect(heard['msgID'], sent['msgID']);
      expect((heard['textElem']! as Map<Object?, Object?>)['text'], 'hi');
    });

    testWidgets('bob types, and that is no message to revoke', (WidgetTester tester) async {
      final Map<String, Object?> said = await chat.user('bob').says('hi', to: 'alice');
      await chat.user('bob').types(to: 'alice');
      final Map<Object?, Object?> heard = alice.data['onRecvNewMessage']! as Map<Object?, Object?>;
      expect('${heard['customElem']}', contains('user_typing_status'));
      expect(chat.user('bob').last, said);
    });

    testWidgets('bob takes his message back', (WidgetTester tester) async {
      await chat.user('bob').says('oops', to: 'alice');
      await chat.user('bob').revokes();
      expect(alice.log, contains('onRecvMessageRevoked'));
      expect(alice.data['onRecvMessageRevoked'], chat.user('bob').last!['msgID']);
    });

    testWidgets('bob reads what alice wrote', (WidgetTester tester) async {
      final Object? created = await alice.noted('createTextMessage', <String, Object?>{'text': 'there?'});
      await alice.noted('sendMessage', <String, Object?>{
        'id': (created! as Map<Object?, Object?>)['id'],
        'receiver': 'bob',
        'groupID': '',
      });
      await chat.user('bob').reads(from: 'alice');
      expect(alice.log, contains('onRecvC2CReadReceipt'));
    });

    testWidgets('a group is made, joined and talked in', (WidgetTester tester) async {
      final String group = await chat.user('bob').creates(group: 'team', members: <String>['alice']);
      await chat.user('carol').joins(group);
      await chat.user('carol').says('hello all', group: group);
      expect(alice.log, contains('onRecvNewMessage'));
    });

    testWidgets('any other call goes too', (WidgetTester tester) async {
      final Object? reply = await chat.user('bob').calls('getVersion');
      expect((reply! as Map<Object?, Object?>)['code'], 0);
    });

    testWidgets('a verb that the service refuses throws', (WidgetTester tester) async {
      await expectLater(chat.user('bob').says('hi', group: 'no-such-group'), throwsA(isA<TimRefusal>()));
      await expectLater(chat.user('bob').joins('no-such-group'), throwsA(isA<TimRefusal>()));
    });

    test('a message goes to one place', () {
      expect(chat.user('bob').says('hi'), throwsArgumentError);
      expect(chat.user('bob').says('hi', to: 'alice', group: 'g'), throwsArgumentError);
    });
  });

  group('other devices', () {
    testWidgets('a tablet hears what the phone did', (WidgetTester tester) async {
      final TimDevice tablet = chat.device('tablet', platform: 'ios');
      await tablet.logsIn('alice');
      await alice.createGroup('work');
      expect(tablet.eventTypes, contains('onConversationGroupCreated'));
    });

    testWidgets('the phone hears what the tablet did', (WidgetTester tester) async {
      final TimDevice tablet = chat.device('tablet', platform: 'ios');
      await tablet.logsIn('alice');
      await tablet.call('createConversationGroup', <String, Object?>{
        'groupName': 'from afar',
        'conversationIDList': <String>['c2c_bob'],
      });
      expect(alice.log, contains('onConversationGroupCreated'));
    });

    testWidgets('a closed device is gone', (WidgetTester tester) async {
      final TimDevice tablet = chat.device('tablet');
      await tablet.close();
      await expectLater(tablet.call('getVersion'), throwsA(isA<TimRpcError>()));
    });
  });

  group('time', () {
    testWidgets('the clock follows the test', (WidgetTester tester) async {
      final DateTime before = chat.now;
      bool fired = false;
      Timer(const Duration(minutes: 2), () => fired = true);
      await chat.pump(tester, const Duration(minutes: 2));
      expect(fired, isTrue);
      expect(chat.now.difference(before), greaterThanOrEqualTo(const Duration(minutes: 2)));
    });

    testWidgets('an invitation runs out while time passes', (WidgetTester tester) async {
      await alice.noted('invite', <String, Object?>{'invitee': 'bob', 'data': '{}', 'timeout': 30});
      await chat.pump(tester, const Duration(seconds: 29));
      expect(alice.log, isNot(contains('onInvitationTimeout')));
      await chat.pump(tester, const Duration(seconds: 2));
      expect(alice.log, contains('onInvitationTimeout'));
    });

    testWidgets('time can pass for the service alone', (WidgetTester tester) async {
      await alice.noted('invite', <String, Object?>{'invitee': 'bob', 'data': '{}', 'timeout': 30});
      await chat.advance(const Duration(seconds: 31));
      expect(alice.log, contains('onInvitationTimeout'));
    });
  });
}
