import 'dart:async';

import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/timbridge_test.dart';
import 'package:timbridge_test_example/chat.dart';

/// The app without its widgets.
void main() {
  late TimBridge chat;
  late Chat alices;

  setUp(() async {
    chat = await TimBridge.start();
    alices = Chat('alice', 'bob');
  });

  /// As an app does: a native library answers in real time, which does not pass in a widget test.
  Future<void> start(WidgetTester tester) async {
    unawaited(alices.start('any'));
    await chat.settle(tester);
  }

  testWidgets('alice hears from bob', (tester) async {
    await start(tester);
    await chat.user('bob').says('hi', to: 'alice');

    expect(alices.lines.single.text, 'hi');
    chat.expectCalls(['initSDK', 'login'], inOrder: true);
    chat.expectEvents(['onRecvNewMessage']);
    await chat.settle(tester);
  });

  testWidgets('a message that is refused', (tester) async {
    await start(tester);
    chat.fault(method: 'sendMessage', code: 9508, desc: 'no network', times: 1);
    unawaited(alices.send('are you there?'));
    await chat.settle(tester);

    expect(alices.lines.single.failed, 9508);
  });

  testWidgets('alice signs in elsewhere', (tester) async {
    await start(tester);
    expect(alices.status, 'online');
    await chat.kick();
    await chat.settle(tester);

    expect(alices.status, 'signed in elsewhere');
  });
}
