import 'package:flutter/services.dart';
import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/src/near.dart';
import 'package:timbridge_test/timbridge_test.dart';

import 'support.dart';

/// What a failing test says. Needs a bridge, as bridge_test.dart does.
void main() {
  late TimBridge chat;
  late Client alice;

  setUp(() async {
    chat = await TimBridge.start();
    alice = Client();
    await alice.logIn('alice', chat);
  });

  /// What is said when [check] fails.
  String failure(void Function() check) {
    try {
      check();
    } on TestFailure catch (failure) {
      return '${failure.message}';
    }
    return '';
  }

  group('calls', () {
    testWidgets('that nearly fit are told in a line', (WidgetTester tester) async {
      await alice.createGroup('work');
      final String said = failure(() => chat.expectCalls(<Object>[
            const TimCall('createConversationGroup', <String, Object?>{'groupName': 'home'}),
          ]));
      expect(said, matches(RegExp(r"^  createConversationGroup no\. \d+: groupName: expected 'home', came 'work'$", multiLine: true)));
    });

    testWidgets('that were made too often are named', (WidgetTester tester) async {
      await alice.createGroup('work');
      await alice.createGroup('home');
      final String said = failure(() => chat.expectCalls(<Object>[const TimCall('createConversationGroup', null, 1)]));
      expect(said, matches(RegExp(r'createConversationGroup once: came 2 times \(no\. \d+, \d+\)$')));
      expect(failure(() => chat.expectCalls(<Object>[const TimCall('logout', null, 0)])), '');
    });

    testWidgets('with a wrong key get the nearest', (WidgetTester tester) async {
      await alice.createGroup('work');
      final String said = failure(() => chat.expectCalls(<Object>[
            const TimCall('createConversationGroup', <String, Object?>{'groupNmae': 'work'}),
          ]));
      expect(said, contains('there is no groupNmae, did you mean groupName?'));
    });

    testWidgets('of a name that nothing has are refused', (WidgetTester tester) async {
      for (final Object call in <Object>['logot', const TimCall('logot', null, 0)]) {
        expect(() => chat.expectCalls(<Object>[call]),
            throwsA(isA<TimRpcError>().having((TimRpcError e) => '$e', 'text', contains('did you mean logout'))));
      }
      expect(() => chat.expectEvents(<Object>['onKickedOfline']), throwsA(isA<TimRpcError>()));
      expect(() => chat.expectCalls(<Object>[7]), throwsArgumentError);
    });

    testWidgets('are the app\'s, unless it is said whose', (WidgetTester tester) async {
      final TimDevice tablet = chat.device('tablet', platform: 'ios');
      await tablet.logsIn('alice');
      await tablet.call('getConversationGroupList');
      await chat.user('bob').calls('getVersion');
      expect(failure(() => chat.expectCalls(<Object>['getConversationGroupList'])), contains('never called'));
      expect(failure(() => chat.expectCalls(<Object>['getVersion'])), contains('never called'));
      chat.expectCalls(<Object>['getConversationGroupList'], device: 'tablet');
      chat.expectCalls(<Object>['login']);
    });

    testWidgets('come in order', (WidgetTester tester) async {
      await alice.createGroup('work');
      await alice.noted('getConversationGroupList');
      chat.expectCalls(<Object>['login', 'createConversationGroup', 'getConversationGroupList'], inOrder: true);
      final String said = failure(
          () => chat.expectCalls(<Object>['getConversationGroupList', 'createConversationGroup'], inOrder: true));
      expect(said, contains('createConversationGroup: came before getConversationGroupList'));
    });

    testWidgets('are all there are', (WidgetTester tester) async {
      chat.clearJournal();
      await alice.createGroup('work');
      chat.expectCalls(<Object>['createConversationGroup'], noOthers: true);
      await alice.noted('getConversationGroupList');
      final String said = failure(() => chat.expectCalls(<Object>['createConversationGroup'], noOthers: true));
      expect(said, contains('not expected: getConversationGroupList'));
    });

    testWidgets('may be told by matchers', (WidgetTester tester) async {
      await alice.createGroup('work', <String>['c2c_bob', 'c2c_carol']);
      chat.expectCalls(<Object>[
        TimCall('createConversationGroup', <String, Object?>{
          'groupName': startsWith('w'),
          'conversationIDList': contains('c2c_carol'),
        }, 1),
      ]);
      final String said = failure(() => chat.expectCalls(<Object>[
            TimCall('createConversationGroup', <String, Object?>{'groupName': startsWith('h')}),
          ]));
      expect(said, contains("groupName: expected a string starting with 'h', came 'work'"));
    });

    testWidgets('are due at the end of the test', (WidgetTester tester) async {
      chat.expectCalls(<Object>['createConversationGroup'], atEnd: true);
      await alice.createGroup('work');
    });
  });

  group('events', () {
    testWidgets('that nearly fit are told in a line', (WidgetTester tester) async {
      await chat.user('bob').says('hi', to: 'alice');
      chat.expectEvents(<Object>[
        TimHeard('onRecvNewMessage', <String, Object?>{
          'sender': 'bob',
          'textElem': <String, Object?>{'text': contains('h')},
        }),
      ]);
      final String said = failure(() => chat.expectEvents(<Object>[
            const TimHeard('onRecvNewMessage', <String, Object?>{'sender': 'carol'}),
          ]));
      expect(said, contains("data.sender: expected 'carol', came 'bob'"));
    });

    testWidgets('that nobody heard are told from those that never were', (WidgetTester tester) async {
      await chat.dispose();
      chat = await TimBridge.start();
      final Client deaf = Client();
      await deaf.call('initSDK', <String, Object?>{'sdkAppID': 1, 'logLevel': 0, 'listenerUuid': 'l', 'uiPlatform': 0});
      await deaf.call('login', <String, Object?>{'userID': 'alice', 'userSig': 'x'});
      await chat.user('bob').says('hi', to: 'alice');
      expect(failure(() => chat.expectEvents(<Object>['onRecvNewMessage'])), contains('nobody listened'));
      expect(failure(() => chat.expectEvents(<Object>['onKickedOffline'])), contains('never heard'));
    });
  });

  group('the end of a test', () {
    testWidgets('has the last calls and events, a line each', (WidgetTester tester) async {
      await alice.createGroup('');
      await chat.user('bob').says('hi', to: 'alice');
      final List<String> lines = chat.trace();
      expect(lines.length, lessThanOrEqualTo(20));
      expect(lines.every((String line) => !line.contains('\n')), isTrue);
      expect(lines.where((String line) => line.contains('app calls createConversationGroup')).single, contains('-> 51011'));
      expect(lines, anyElement(contains('bob calls sendMessage')));
      expect(lines, anyElement(contains('app hears onRecvNewMessage')));
      expect(chat.trace(last: 2), lines.sublist(lines.length - 2));
    });

    testWidgets('names faults that no call met', (WidgetTester tester) async {
      chat.fault(method: 'getVersion', exception: PlatformException(code: 'boom'));
      chat.fault(method: 'createConversationGroup', code: 9508, times: 1);
      expect(chat.unmetFaults, hasLength(2));
      await alice.createGroup('work');
      expect(chat.unmetFaults.single, contains('no call met the fault {method: getVersion}'));
      chat.clearFaults();
    });
  });

  test('the nearest of names', () {
    expect(nearest('reciever', <String>['receiver', 'groupID']), 'receiver');
    expect(nearest('x', <String>['receiver']), isNull);
  });

  test('a value on one line', () {
    expect(plain(<String, Object?>{'a': 'b\nc', 'd': <int>[1, 2]}), '{a: b c, d: [1, 2]}');
    expect(plain('x' * 100).length, 60);
  });
}
