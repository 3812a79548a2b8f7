import 'dart:async';

import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/src/inbox.dart';

void main() {
  test('what one delivery causes is done before the next', () async {
    final Inbox inbox = Inbox();
    final List<String> log = <String>[];
    Future<void> react(String name) async {
      for (int i = 0; i < 10; i++) {
        await null;
      }
      log.add('$name done');
    }

    for (final String name in <String>['a', 'b']) {
      inbox.add(() {
        log.add(name);
        unawaited(react(name));
      });
    }
    await inbox.drain();
    expect(log, <String>['a', 'a done', 'b', 'b done']);
  });

  test('an added delivery runs by itself', () async {
    final Inbox inbox = Inbox();
    bool ran = false;
    inbox.add(() => ran = true);
    expect(ran, isFalse);
    await Future<void>.delayed(Duration.zero);
    expect(ran, isTrue);
  });

  testWidgets('a zone that never runs again holds nobody up', (WidgetTester tester) async {
    final Inbox inbox = Inbox();
    final List<int> log = <int>[];
    await tester.runAsync(() async {
      inbox.add(() => log.add(1));
    });
    inbox.add(() => log.add(2));
    await inbox.drain();
    expect(log, <int>[1, 2]);
  });

  test('clearing forgets', () async {
    final Inbox inbox = Inbox();
    bool ran = false;
    inbox.add(() => ran = true);
    inbox.clear();
    await inbox.drain();
    expect(ran, isFalse);
  });
}
