import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/src/environment.dart';
import 'package:timbridge_test/timbridge_test.dart';

import 'support.dart';

/// Starting: run it without `timbridge exec`, too, which is what it is about.
void main() {
  testWidgets('a server is not started inside a widget test, and that is said at once', (WidgetTester tester) async {
    if (Environment.address != null) return TimBridge.connect(null).dispose();
    await expectLater(
      TimBridge.start(),
      throwsA(isA<TimBridgeException>().having((TimBridgeException e) => e.message, 'message', contains('in setUp'))),
    );
  });

  group('with a server', () {
    late TimBridge chat;
    setUp(() async => chat = await TimBridge.start());

    for (int i = 1; i < 4; i++) {
      testWidgets('each test has a world of its own, $i', (WidgetTester tester) async {
        final Client alice = Client();
        await alice.logIn('alice', chat);
        expect(await alice.noted('getConversationGroupList'), isEmpty);
        await alice.createGroup('work');
      });
    }

    testWidgets('a running server serves inside a widget test, too', (WidgetTester tester) async {
      final TimBridge another = await TimBridge.start();
      expect(another.worldName, isNot(chat.worldName));
    });
  });
}
