import 'dart:async';

import 'package:flutter/services.dart';
import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/src/errors.dart';
import 'package:timbridge_test/src/plugin_channel.dart';
import 'package:timbridge_test/src/turn.dart';

import 'support.dart';

TimEvent event(String type, {bool early = false}) =>
    TimEvent('', 'conversationListener', <String, Object?>{'type': type, 'data': null}, early: early);

const Map<String, Object?> ok = <String, Object?>{'code': 0, 'desc': 'ok', 'data': null};

void main() {
  /// What the bridge answers in a test.
  late TimTurn Function(String method) answer;

  PluginChannel install({bool faithful = false}) {
    TimTurn ask(String channel, String method, Object? arguments) => answer(method);
    final PluginChannel channel = PluginChannel(ask, faithful: faithful)..install();
    addTearDown(channel.uninstall);
    return channel;
  }

  testWidgets('early events, the reply, late events', (WidgetTester tester) async {
    final PluginChannel channel = install();
    final Client client = Client();
    answer = (String method) => TimTurn(ok, <TimArrival>[event('before', early: true), event('after')]);
    await client.noted('sendMessage');
    await channel.drain();
    expect(client.log, <String>['before', 'sendMessage 0', 'after']);
  });

  testWidgets('a late reply keeps its place among events', (WidgetTester tester) async {
    final PluginChannel channel = install();
    final Client client = Client();
    answer = (String method) => TimTurn(null, <TimArrival>[], pending: 7);
    unawaited(client.noted('login'));
    await channel.drain();
    expect(client.log, isEmpty);
    <TimArrival>[event('a'), TimLateReply('', 7, ok, null), event('b')].forEach(channel.deliver);
    await channel.drain();
    expect(client.log, <String>['a', 'login 0', 'b']);
  });

  testWidgets('an unanswered call is an exception, or nothing if faithful', (WidgetTester tester) async {
    answer = (String method) => throw TimRpcError(method, -32001, 'never answered');
    final PluginChannel loud = install();
    await expectLater(Client().call('createCommunity'), throwsA(isA<PlatformException>()));
    expect(loud.problems.single.code, -32001);

    final PluginChannel faithful = install(faithful: true);
    bool answered = false;
    unawaited(Client().call('createCommunity').whenComplete(() => answered = true));
    await faithful.drain();
    expect(answered, isFalse);
    expect(faithful.problems.single.code, -32001);
  });

  testWidgets('what a native library\'s plugin asks on its way needs no bridge', (WidgetTester tester) async {
    answer = (String method) => throw StateError('asked for $method');
    final PluginChannel channel = install();
    final Client client = Client();
    expect(await client.call('getNetworkInfo'), containsPair('networkConnected', true));
    expect(await client.call('getMainThreadLooperPointer'), containsPair('mainThreadLooperPointer', 0));
    expect(channel.isUsed, isFalse);
  });

  testWidgets('a log line that comes too late is answered', (WidgetTester tester) async {
    install().uninstall();
    expect(await Client().call('uikitTrace', <String, Object?>{'trace': 'x'}), '');
    await expectLater(Client().call('login'), throwsA(isA<MissingPluginException>()));
  });

  testWidgets('events go to the channel that the app uses', (WidgetTester tester) async {
    final PluginChannel channel = install();
    final Client older = Client('tencent_im_sdk_plugin');
    answer = (String method) => TimTurn(ok, <TimArrival>[event('heard')]);
    await older.noted('login');
    await channel.drain();
    expect(older.log, <String>['login 0', 'heard']);
  });

  testWidgets('what the plugin only prints is a problem', (WidgetTester tester) async {
    final PluginChannel channel = install();
    Client().onEvent = (String type) {
      // ignore: avoid_print
      print('Bad state: wrong #0      main (package:app/main.dart:1:2)\n'
          '#1      handler (package:tencent_cloud_chat_sdk/method_channel.dart:1:2)');
    };
    channel.deliver(event('onConversationChanged'));
    await channel.drain();
    expect(
      '${channel.problems.single}',
      'conversationListener: the app threw on onConversationChanged: Bad state: wrong',
    );
  });
}
