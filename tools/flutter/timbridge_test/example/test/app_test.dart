import 'package:flutter/material.dart';
import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/timbridge_test.dart';
import 'package:timbridge_test_example/main.dart';

/// The app as its user sees it.
void main() {
  late TimBridge chat;
  setUp(() async => chat = await TimBridge.start());

  testWidgets('what bob says is on the screen', (tester) async {
    await tester.pumpWidget(const ChatApp(userID: 'alice', peerID: 'bob', userSig: 'any'));
    await chat.settle(tester);
    await chat.user('bob').says('hi', to: 'alice');
    await chat.settle(tester);
    expect(find.text('bob: online'), findsOneWidget);
    expect(find.text('hi'), findsOneWidget);
  });

  testWidgets('what cannot be sent is marked', (tester) async {
    await tester.pumpWidget(const ChatApp(userID: 'alice', peerID: 'bob', userSig: 'any'));
    await chat.settle(tester);
    chat.fault(method: 'sendMessage', code: 9508, desc: 'no network', times: 1);
    await tester.enterText(find.byKey(const Key('input')), 'are you there?');
    await tester.tap(find.text('Send'));
    await chat.settle(tester);
    expect(find.text('not sent (9508)'), findsOneWidget);
  });
}
