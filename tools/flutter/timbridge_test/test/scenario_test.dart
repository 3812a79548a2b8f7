import 'dart:async';

import 'package:flutter/services.dart';
import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/timbridge_test.dart';

import 'support.dart';

/// Whole stories, the way an app's own tests would tell them. Needs a bridge, as bridge_test.dart does.
void main() {
  late TimBridge chat;
  late Client alice;

  setUp(() async {
    chat = await TimBridge.start();
    alice = Client();
    await alice.logIn('alice', chat);
  });

  Future<Object?> say(String text, {String to = 'bob'}) async {
    final Object? created = await alice.noted('createTextMessage', <String, Object?>{'text': text});
    return alice.noted('sendMessage', <String, Object?>{
      'id': (created! as Map<Object?, Object?>)['id'],
      'receiver': to,
      'groupID': '',
    });
  }

  testWidgets('two devices of one user see the same', (WidgetTester tester) async {
    final TimDevice tablet = chat.device('tablet', platform: 'ios');
    await tablet.logsIn('alice');
    await chat.user('bob').says('hi', to: 'alice');
    expect(alice.log, contains('onRecvNewMessage'));
    expect(tablet.eventTypes, contains('onRecvNewMessage'));

    await say('from the phone');
    final TimEvent heard = tablet.events.lastWhere((TimEvent event) => event.type == 'onConversationChanged');
    expect('${heard.data}', contains('from the phone'));

    chat.ask('bridge.service.switch', <String, Object?>{'name': 'sync_conversation_deletion', 'value': true});
    await tablet.call('deleteConversation', <String, Object?>{'conversationID': 'c2c_bob'});
    expect(tablet.eventTypes, contains('onConversationDeleted'));
    expect(alice.log, contains('onConversationDeleted'));
    expect(alice.log, isNot(contains('onKickedOffline')));
  });

  testWidgets('a second phone kicks the first', (WidgetTester tester) async {
    final TimDevice phone = chat.device('phone');
    await phone.logsIn('alice');
    expect(alice.log.where((String line) => line == 'onKickedOffline'), hasLength(1));
    await alice.createGroup('work');
    expect(alice.log.last, 'createConversationGroup 6014');
    chat.expectEvents(<Object>[const TimHeard('onKickedOffline', null, 1)]);
  });

  testWidgets('a device of somebody else answers', (WidgetTester tester) async {
    final TimDevice bob = chat.device('bob\'s phone', platform: 'ios');
    await bob.logsIn('bob');
    await say('are you there?');
    expect(bob.eventTypes, containsAll(<String>['onRecvNewMessage', 'onNewConversation']));
    await bob.call('markC2CMessageAsRead', <String, Object?>{'userID': 'alice'});
    expect(alice.log, contains('onRecvC2CReadReceipt'));
  });

  testWidgets('the third message is lost, the fourth goes through', (WidgetTester tester) async {
    chat.fault(method: 'sendMessage', nth: 3, times: 1, code: 9508, desc: 'no network');
    for (final String text in <String>['one', 'two', 'three', 'four']) {
      await say(text);
    }
    expect(alice.log.where((String line) => line.startsWith('sendMessage')),
        <String>['sendMessage 0', 'sendMessage 0', 'sendMessage 9508', 'sendMessage 0']);
    chat.expectCalls(<Object>[const TimCall('sendMessage', null, 4)]);
  });

  testWidgets('faults end a session', (WidgetTester tester) async {
    chat.fault(method: 'getConversationGroupList', times: 1, kick: true);
    expect(await alice.noted('getConversationGroupList'), isEmpty);
    await chat.deliver();
    expect(alice.log, <String>['getConversationGroupList 0', 'onKickedOffline']);

    await alice.logIn('alice', chat);
    chat.fault(method: 'getConversationGroupList', times: 1, expireUserSig: true);
    await alice.noted('getConversationGroupList');
    await chat.deliver();
    expect(alice.log, <String>['getConversationGroupList 0', 'onUserSigExpired']);
  });

  testWidgets('a fault of one user leaves others alone', (WidgetTester tester) async {
    chat.fault(user: 'bob', method: 'sendMessage', code: 10017, desc: 'muted');
    await expectLater(chat.user('bob').sends('{}', to: 'alice'), throwsA(isA<TimRefusal>()));
    await say('hi');
    expect(alice.log.last, 'sendMessage 0');
    chat.clearFaults();
    await chat.user('bob').sends('{}', to: 'alice');
  });

  testWidgets('a fault may be up to chance', (WidgetTester tester) async {
    chat.fault(method: 'getVersion', probability: 0.5, exception: PlatformException(code: 'boom'));
    int failures = 0;
    for (int i = 0; i < 40; i++) {
      try {
        await alice.call('getVersion');
      } on PlatformException catch (error) {
        expect(error.code, 'boom');
        failures++;
      }
    }
    expect(failures, inInclusiveRange(5, 35));
  });

  testWidgets('what was said while the network was away comes later', (WidgetTester tester) async {
    await chat.loseNetwork();
    await chat.user('bob').says('are you there?', to: 'alice');
    expect(alice.log, isNot(contains('onRecvNewMessage')));
    await say('yes');
    expect(alice.log.last, 'sendMessage 9508');
    await chat.regain();
    expect(alice.log, containsAll(<String>['onConnectSuccess', 'onRecvNewMessage']));
    await say('yes');
    expect(alice.log, contains('sendMessage 0'));
  });

  testWidgets('a call rings until its time is up', (WidgetTester tester) async {
    final TimDevice bob = chat.device('bob\'s phone', platform: 'ios');
    await bob.logsIn('bob');
    await alice.noted('invite', <String, Object?>{'invitee': 'bob', 'data': '{}', 'timeout': 30});
    expect(bob.eventTypes, contains('onReceiveNewInvitation'));
    await chat.advance(const Duration(seconds: 29));
    expect(alice.log, isNot(contains('onInvitationTimeout')));
    await chat.advance(const Duration(seconds: 1, milliseconds: 500));
    expect(alice.log, contains('onInvitationTimeout'));
    expect(bob.eventTypes, contains('onInvitationTimeout'));
  });

  testWidgets('a call that is taken does not run out', (WidgetTester tester) async {
    final Map<Object?, Object?> reply = (await alice.call(
        'invite', <String, Object?>{'invitee': 'bob', 'data': '{}', 'timeout': 30}))! as Map<Object?, Object?>;
    await chat.user('bob').calls('accept', <String, Object?>{'inviteID': reply['data'], 'data': 'yes'});
    expect(alice.log, contains('onInviteeAccepted'));
    await chat.pump(tester, const Duration(minutes: 1));
    expect(alice.log, isNot(contains('onInvitationTimeout')));
  });

  testWidgets('a listener that throws does not stop the others', (WidgetTester tester) async {
    alice.onEvent = (String type) {
      if (type == 'onRecvNewMessage') throw StateError('no such chat');
    };
    await chat.user('bob').says('one', to: 'alice');
    alice.onEvent = null;
    await chat.user('bob').says('two', to: 'alice');
    expect(alice.log.where((String line) => line == 'onRecvNewMessage'), hasLength(2));
    final TimProblem problem = chat.takeProblems().single;
    expect(problem.code, isNull);
    expect('$problem', contains('the app threw on onRecvNewMessage'));
    expect('$problem', contains('no such chat'));
  });

  testWidgets('the end of a test names the call that was meant', (WidgetTester tester) async {
    await expectLater(alice.call('getConversationLst'), throwsA(isA<MissingPluginException>()));
    expect(
      chat.verify,
      throwsA(isA<TestFailure>()
          .having((TestFailure failure) => failure.message, 'message', contains('getConversationLst (-32601)'))
          .having((TestFailure failure) => failure.message, 'message', contains('did you mean getConversationList'))),
    );
  });

  testWidgets('the older plugin is told who has a newer method', (WidgetTester tester) async {
    final TimBridge older = TimBridge.connect(chat.address, dialect: 'im-5.0');
    final Client client = Client('tencent_im_sdk_plugin');
    await expectLater(client.call('followUser'), throwsA(isA<MissingPluginException>()));
    expect('${older.takeProblems().single}', contains('chat-8.2'));
  });

  testWidgets('an event that was not heard is told with what was', (WidgetTester tester) async {
    await alice.createGroup('work');
    await chat.deliver();
    chat.expectEvents(<Object>['onConversationGroupCreated']);
    expect(
      () => chat.expectEvents(<Object>[
        const TimHeard('onConversationGroupCreated', <String, Object?>{'groupName': 'home'}),
      ]),
      throwsA(isA<TestFailure>().having((TestFailure failure) => failure.message, 'message', contains('work'))),
    );
  });

  testWidgets('a message that waits for its reply arrives once', (WidgetTester tester) async {
    chat.fault(method: 'sendMessage', times: 1, delay: const Duration(seconds: 5));
    unawaited(say('slow'));
    await chat.deliver();
    expect(alice.log, isNot(contains('sendMessage 0')));
    await chat.pump(tester, const Duration(seconds: 6));
    expect(alice.log.where((String line) => line == 'sendMessage 0'), hasLength(1));
  });
}
