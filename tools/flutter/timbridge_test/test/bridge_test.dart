import 'dart:async';

import 'package:flutter/services.dart';
import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/timbridge_test.dart';

import 'support.dart';

/// Needs a bridge: `timbridge exec -- flutter test`, or `timbridge` on the path.
void main() {
  late TimBridge chat;
  late Client client;

  setUp(() async {
    chat = await TimBridge.start();
    client = Client();
  });

  group('calls and events', () {
    testWidgets('a call is answered inside the fake-async zone', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      final Object? created = await client.createGroup('work');
      expect((created! as List<Object?>).length, 1);
      expect(client.log.first, 'createConversationGroup 0');
    });

    test('a call is answered in real time', () async {
      await client.logIn('alice', chat);
      await client.createGroup('work');
      expect(client.log.first, 'createConversationGroup 0');
    });

    testWidgets('the reply comes before the events of its call', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      unawaited(client.createGroup('work'));
      unawaited(client.createGroup('home'));
      await chat.deliver();
      final List<String> seen = client.log.where((String line) => line.contains('ConversationGroup')).toList();
      expect(seen, <String>[
        'createConversationGroup 0',
        'onConversationGroupCreated',
        'createConversationGroup 0',
        'onConversationGroupCreated',
      ]);
    });

    testWidgets('a call made by a listener is answered', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      client.onEvent = (String type) {
        if (type == 'onConversationGroupCreated') unawaited(client.noted('getConversationGroupList'));
      };
      await client.createGroup('work');
      await chat.deliver();
      expect(client.log, containsAll(<String>['onConversationGroupCreated', 'getConversationGroupList 0']));
    });

    testWidgets('runAsync and the fake zone may alternate', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      await tester.runAsync(() => client.createGroup('one'));
      await client.createGroup('two');
      await tester.runAsync(() => client.createGroup('three'));
      await chat.deliver();
      final Object? names = await client.noted('getConversationGroupList');
      expect(names, <String>['one', 'two', 'three']);
    });

    testWidgets('the log line of the client stays here', (WidgetTester tester) async {
      expect(await client.call('uikitTrace', <String, Object?>{'trace': 'x'}), '');
      expect(chat.journal(method: 'uikitTrace'), isEmpty);
    });
  });

  group('what a passing test must not do', () {
    testWidgets('an unknown method is missing, and named with its neighbour', (WidgetTester tester) async {
      await expectLater(client.call('createConversationGroups'), throwsA(isA<MissingPluginException>()));
      final TimProblem problem = chat.takeProblems().single;
      expect(problem.isUnknownMethod, isTrue);
      expect('$problem', matches(r'did you mean .*createConversationGroup\b'));
    });

    testWidgets('a refused call names every violation', (WidgetTester tester) async {
      await expectLater(
        client.call('createConversationGroup', <String, Object?>{'groupName': 7, 'conversationIDList': <String>[]}),
        throwsA(isA<PlatformException>()),
      );
      expect('${chat.takeProblems().single}', contains('groupName'));
    });

    testWidgets('problems fail the test when it ends', (WidgetTester tester) async {
      await expectLater(client.call('createConversationGroups'), throwsA(isA<MissingPluginException>()));
      expect(chat.verify, throwsA(isA<TestFailure>()));
      expect(chat.problems, isEmpty);
    });

    testWidgets('a listener that throws is a problem', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      client.onEvent = (String type) => throw StateError('the app is wrong');
      await client.createGroup('work');
      await chat.deliver();
      expect('${chat.takeProblems().first}', contains('the app is wrong'));
    });

    testWidgets('a refusal by the service is the app\'s business', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      await client.createGroup('');
      expect(client.log, <String>['createConversationGroup 51011']);
      expect(chat.problems, isEmpty);
    });
  });

  group('worlds', () {
    test('two bridges have a world each', () async {
      await client.logIn('alice', chat);
      await client.createGroup('work');
      await chat.dispose();
      chat = await TimBridge.start();
      await client.logIn('alice', chat);
      expect(await client.noted('getConversationGroupList'), isEmpty);
    });

    testWidgets('rollback goes back to a checkpoint', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      final Object before = chat.checkpoint();
      await client.createGroup('work');
      await chat.rollback(before);
      expect(await client.noted('getConversationGroupList'), isEmpty);
    });

    testWidgets('reset starts the world again', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      await client.createGroup('work');
      await chat.reset();
      await client.logIn('alice', chat);
      expect(await client.noted('getConversationGroupList'), isEmpty);
    });
  });

  group('trouble', () {
    testWidgets('a fault refuses as often as it is told', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      chat.fault(method: 'createConversationGroup', code: 9508, desc: 'no network', times: 1);
      await client.createGroup('work');
      await client.createGroup('work');
      expect(client.log.where((String line) => line.startsWith('create')),
          <String>['createConversationGroup 9508', 'createConversationGroup 0']);
    });

    testWidgets('an injected exception is no problem', (WidgetTester tester) async {
      chat.fault(method: 'getVersion', exception: PlatformException(code: 'boom', message: 'it broke'));
      await expectLater(client.call('getVersion'), throwsA(isA<PlatformException>()));
      expect(chat.problems, isEmpty);
      chat.clearFaults();
      await client.call('getVersion');
    });

    testWidgets('a call without a reply stays open', (WidgetTester tester) async {
      chat.fault(method: 'getVersion', noReply: true);
      bool answered = false;
      unawaited(client.call('getVersion').then((Object? reply) => answered = true));
      await chat.pump(tester, const Duration(seconds: 3));
      expect(answered, isFalse);
    });

    testWidgets('a delayed call is answered when its time has come', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      chat.fault(method: 'getConversationGroupList', delay: const Duration(seconds: 2));
      unawaited(client.noted('getConversationGroupList'));
      await chat.pump(tester, const Duration(seconds: 1));
      expect(client.log, isEmpty);
      await chat.pump(tester, const Duration(seconds: 2));
      expect(client.log, <String>['getConversationGroupList 0']);
    });

    testWidgets('the network goes and comes back', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      await chat.loseNetwork();
      await chat.regain();
      expect(client.log, contains('onConnectSuccess'));
    });

    test('a fault has exactly one effect', () {
      expect(() => chat.fault(method: 'login'), throwsArgumentError);
      expect(() => chat.fault(code: 1, kick: true), throwsArgumentError);
    });
  });

  group('the journal', () {
    testWidgets('expected calls pass', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      await client.createGroup('work');
      chat.expectCalls(<Object>[
        'login',
        const TimCall('createConversationGroup', <String, Object?>{'groupName': 'work'}, 1),
      ]);
    });

    testWidgets('a missing call fails with what was there instead', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      await client.createGroup('work');
      expect(
        () => chat.expectCalls(<Object>[
          const TimCall('createConversationGroup', <String, Object?>{'groupName': 'home'}),
        ]),
        throwsA(isA<TestFailure>().having((TestFailure failure) => failure.message, 'message', contains('work'))),
      );
    });

    testWidgets('a calling test can look for itself', (WidgetTester tester) async {
      await client.logIn('alice', chat);
      expect(chat.journal(method: 'login'), isNotEmpty);
      chat.clearJournal();
      expect(chat.journal(method: 'login'), isEmpty);
    });
  });
}
