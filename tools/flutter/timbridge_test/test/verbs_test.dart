import 'dart:convert';

import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/timbridge_test.dart';

import 'support.dart';

/// Everything that people can do. Needs a bridge, as bridge_test.dart does.
void main() {
  late TimBridge chat;
  late Client alice;
  late TimUser bob;

  setUp(() async {
    chat = await TimBridge.start();
    alice = Client();
    await alice.logIn('alice', chat);
    bob = chat.user('bob');
  });

  Map<Object?, Object?> heard(String type) => alice.data[type]! as Map<Object?, Object?>;

  Future<Object?> say(String text, {Map<String, Object?> extras = const <String, Object?>{}}) async {
    final Object? created = await alice.noted('createTextMessage', <String, Object?>{'text': text});
    return alice.noted('sendMessage', <String, Object?>{
      'id': (created! as Map<Object?, Object?>)['id'],
      'receiver': 'bob',
      'groupID': '',
      ...extras,
    });
  }

  group('messages', () {
    testWidgets('are of every kind', (WidgetTester tester) async {
      final Map<String, Future<TimMessage> Function()> kinds = <String, Future<TimMessage> Function()>{
        'imageElem': () => bob.sendsImage(to: 'alice'),
        'soundElem': () => bob.sendsVoice(to: 'alice', duration: const Duration(seconds: 7)),
        'videoElem': () => bob.sendsVideo(to: 'alice'),
        'fileElem': () => bob.sendsFile(to: 'alice', name: 'plan.txt'),
        'locationElem': () => bob.sendsLocation(to: 'alice', latitude: 1.5, longitude: 2.5, desc: 'here'),
        'faceElem': () => bob.sendsSticker(to: 'alice', index: 3),
        'customElem': () => bob.sends('{"order":7}', to: 'alice'),
      };
      for (final MapEntry<String, Future<TimMessage> Function()> kind in kinds.entries) {
        final TimMessage sent = await kind.value();
        expect(heard('onRecvNewMessage')['msgID'], sent.msgID);
        expect(heard('onRecvNewMessage'), contains(kind.key));
        expect(bob.last, sent);
      }
      expect('${heard('onRecvNewMessage')['customElem']}', contains('order'));
    });

    testWidgets('know their sender, receiver and text', (WidgetTester tester) async {
      final TimMessage sent = await bob.says('hi', to: 'alice');
      expect(sent.sender, 'bob');
      expect(sent.userID, 'alice');
      expect(sent.groupID, isNull);
      expect(sent.text, 'hi');
      expect(sent['elemType'], 1);
      expect(sent.sentAt, chat.now.subtract(Duration(milliseconds: chat.now.millisecondsSinceEpoch % 1000)));
    });

    testWidgets('may mention, reply and go on', (WidgetTester tester) async {
      await bob.creates(group: 'team', members: <String>['alice', 'carol']);
      final TimMessage mention = await bob.mentions(<String>['alice'], 'look, alice', group: 'team');
      expect(heard('onRecvNewMessage')['groupAtUserList'], <String>['alice']);

      final TimMessage reply = await chat.user('carol').replies(mention, 'yes', group: 'team');
      final Map<String, Object?> said =
          jsonDecode('${heard('onRecvNewMessage')['cloudCustomData']}') as Map<String, Object?>;
      expect((said['messageReply']! as Map<String, Object?>)['messageID'], mention.msgID);
      expect((said['messageReply']! as Map<String, Object?>)['messageAbstract'], 'look, alice');

      await bob.forwards(reply, to: 'alice');
      expect((heard('onRecvNewMessage')['textElem']! as Map<Object?, Object?>)['text'], 'yes');
    });

    testWidgets('of the app are heard, reacted to and read', (WidgetTester tester) async {
      await say('there?', extras: <String, Object?>{'needReadReceipt': true});
      final TimMessage message = (await bob.hears(from: 'alice')).first;
      expect(message.text, 'there?');
      await bob.reacts(message, '👍');
      expect(alice.log, contains('onRecvMessageReactionsChanged'));
      await bob.unreacts(message, '👍');
      await bob.reads(from: 'alice', receipts: true);
      expect(alice.log, contains('onRecvMessageReadReceipts'));
    });
  });

  group('calls', () {
    testWidgets('ring and are taken', (WidgetTester tester) async {
      final TimRing ring = await bob.rings('alice', data: '{"video":true}');
      expect(heard('onReceiveNewInvitation')['inviteID'], ring.inviteID);
      expect(bob.ringing.single.data, '{"video":true}');
      await alice.noted('accept', <String, Object?>{'inviteID': ring.inviteID, 'data': ''});
      expect(bob.ringing, isEmpty);
    });

    testWidgets('of the app are taken and refused', (WidgetTester tester) async {
      await alice.noted('invite', <String, Object?>{'invitee': 'bob', 'data': '{}', 'timeout': 30});
      await bob.accepts();
      expect(alice.log, contains('onInviteeAccepted'));
      await alice.noted('invite', <String, Object?>{'invitee': 'bob', 'data': '{}', 'timeout': 30});
      await bob.declines(data: 'busy');
      expect(heard('onInviteeRejected')['data'], 'busy');
      await expectLater(bob.accepts(), throwsA(isA<TimBridgeException>()));
    });

    testWidgets('stop ringing', (WidgetTester tester) async {
      await bob.rings('alice');
      await bob.cancels();
      expect(alice.log, contains('onInvitationCancelled'));
      await expectLater(bob.cancels(), throwsA(isA<TimBridgeException>()));
    });

    testWidgets('ring in a group', (WidgetTester tester) async {
      await bob.creates(group: 'team', members: <String>['alice', 'carol']);
      final TimRing ring = await bob.ringsInGroup(<String>['alice', 'carol'], group: 'team');
      await chat.user('carol').accepts(ring: ring);
      expect(bob.ringing.single.invitees, <String>['alice']);
      expect(bob.ringing.single.group, 'team');
    });
  });

  group('groups', () {
    setUp(() => bob.creates(group: 'team', members: <String>['alice', 'carol']));

    testWidgets('members are promoted, muted and thrown out', (WidgetTester tester) async {
      await bob.promotes('alice', group: 'team');
      expect(alice.log, contains('onGrantAdministrator'));
      await bob.demotes('alice', group: 'team');
      await bob.mutes('alice', group: 'team', duration: const Duration(minutes: 5));
      await bob.unmutes('alice', group: 'team');
      await bob.mutesAll('team');
      await bob.renamesGroup('team', 'The team');
      expect(alice.log, contains('onGroupInfoChanged'));
      await bob.handsOver('team', to: 'carol');
      await chat.user('carol').kicks('alice', group: 'team');
      expect(alice.log, contains('onMemberKicked'));
      await expectLater(chat.user('dave').kicks('carol', group: 'team'), throwsA(isA<TimRefusal>()));
    });

    testWidgets('who wants in is let in or not', (WidgetTester tester) async {
      await bob.creates(group: 'club', open: false);
      await chat.user('carol').joins('club', message: 'please');
      await bob.admits('carol', group: 'club');
      await chat.user('carol').says('thanks', group: 'club');
      await alice.noted('joinGroup', <String, Object?>{'groupID': 'club', 'message': 'me too'});
      await bob.turnsAway('alice', group: 'club');
      expect(alice.log, contains('onApplicationProcessed'));
      await expectLater(bob.admits('alice', group: 'club'), throwsA(isA<TimRefusal>()));
      await expectLater(bob.admits('dave', group: 'club'), throwsStateError);
    });

    testWidgets('people come and go', (WidgetTester tester) async {
      await chat.user('dave').joins('team');
      await chat.user('dave').leaves('team');
      expect(alice.log, containsAll(<String>['onMemberEnter', 'onMemberLeave']));
      await bob.deletesGroup('team');
      expect(alice.log, contains('onGroupDismissed'));
    });
  });

  group('friends', () {
    testWidgets('ask, agree and part', (WidgetTester tester) async {
      await bob.adds('alice');
      expect(alice.log, contains('onFriendListAdded'));
      await bob.unfriends('alice');
      expect(alice.log, contains('onFriendListDeleted'));

      await bob.wantsToBeAsked();
      final Map<String, Object?> request = <String, Object?>{'userID': 'bob', 'addWording': 'hi', 'addType': 2};
      await alice.noted('addFriend', request);
      await bob.acceptsFriend('alice');
      await bob.unfriends('alice');
      await alice.noted('addFriend', request);
      await bob.declinesFriend('alice');
      expect(alice.log.where((String line) => line == 'onFriendListAdded'), hasLength(2));
    });

    testWidgets('block and are blocked', (WidgetTester tester) async {
      await bob.blocks('alice');
      await say('hello?');
      await bob.unblocks('alice');
      await alice.noted('addToBlackList', <String, Object?>{
        'userIDList': <String>['bob'],
      });
      await expectLater(bob.adds('alice'), throwsA(isA<TimRefusal>()));
    });
  });

  group('the service', () {
    testWidgets('ends a session', (WidgetTester tester) async {
      await chat.kick();
      expect(alice.log, <String>['onKickedOffline']);
      await alice.logIn('alice', chat);
      await chat.expireUserSig();
      expect(alice.log, <String>['onUserSigExpired']);
    });

    testWidgets('of another device, too', (WidgetTester tester) async {
      final TimDevice tablet = chat.device('tablet', platform: 'ios');
      await tablet.logsIn('alice');
      await tablet.loseNetwork();
      await bob.says('hi', to: 'alice');
      expect(tablet.eventTypes, isNot(contains('onRecvNewMessage')));
      await tablet.regain();
      expect(tablet.eventTypes, contains('onRecvNewMessage'));
      await tablet.expireUserSig();
      expect(tablet.eventTypes, contains('onUserSigExpired'));
      await tablet.logsIn('alice');
      await tablet.kick();
      expect(tablet.eventTypes, contains('onKickedOffline'));
      expect(alice.log, isNot(contains('onKickedOffline')));
    });

    testWidgets('loses the network and finds it', (WidgetTester tester) async {
      await chat.loseNetwork();
      await say('anyone?');
      expect(alice.log.last, 'sendMessage 9508');
      await chat.regain();
      expect(alice.log, contains('onConnectSuccess'));
    });

    testWidgets('has a console', (WidgetTester tester) async {
      chat.consoleSwitch(TimSwitch.friendsOnly, true);
      expect(chat.consoleSwitches, <TimSwitch, Object?>{TimSwitch.friendsOnly: true});
      await say('hello?');
      expect(alice.log.last, isNot('sendMessage 0'));
      chat.consoleSwitch(TimSwitch.friendsOnly, null);
      expect(chat.consoleSwitches, isEmpty);
      expect(() => chat.consoleSwitch(TimSwitch.friendsOnly, 3), throwsA(isA<TimRpcError>()));
    });
  });
}
