import 'dart:async';
import 'dart:io';

import 'package:flutter_test/flutter_test.dart';
import 'package:timbridge_test/src/errors.dart';
import 'package:timbridge_test/src/library.dart';

/// The bridge's end, for a library that a test plays.
class Bridge {
  /// What the library has done.
  int calls = 0;
  int posts = 0;
  List<Object?> waiting = <Object?>[];
  bool isThere = true;

  /// Which mark has come back; null: each at once.
  int? marked;
  int _mark = 0;

  Object? answer(String method, Map<String, Object?> arguments) {
    expect(method, 'bridge.library.look');
    expect(arguments['process'], pid);
    if (arguments['mark'] == true) _mark++;
    return <String, Object?>{
      'mark': arguments['mark'] == true ? _mark : 0,
      'libraries': <Object?>[
        if (isThere)
          <String, Object?>{
            'device': 'phone',
            'marked': marked ?? _mark,
            'calls': calls,
            'posts': posts,
            'waiting': waiting,
          },
      ],
    };
  }
}

void main() {
  late Bridge bridge;
  late NativeLibrary library;

  setUp(() {
    bridge = Bridge();
    library = NativeLibrary(bridge.answer);
  });

  test('a library is there once something calls it', () {
    bridge.isThere = false;
    expect(library.isThere, isFalse);
    bridge.isThere = true;
    expect(library.isThere, isTrue);
    expect(library.device, 'phone');
    bridge.isThere = false;
    expect(library.isThere, isTrue);
  });

  testWidgets('being idle lets real time pass', (WidgetTester tester) async {
    bool answered = false;
    Zone.root.run(() => Timer(const Duration(milliseconds: 5), () => answered = true));
    await library.idle();
    expect(answered, isTrue);
  });

  testWidgets('it is idle when nothing has come of the last', (WidgetTester tester) async {
    final List<String> log = <String>[];
    // As an answer in real time is: a continuation of the test's, which makes the next call.
    Future<void> ask(String name) {
      final Completer<void> reply = Completer<void>();
      bridge.calls++;
      Zone.root.run(() => Timer(const Duration(milliseconds: 2), () {
            bridge.posts++;
            reply.complete();
          }));
      return reply.future.then((void _) => log.add(name));
    }

    unawaited(ask('login').then((void _) => ask('listen')).then((void _) => ask('list')));
    await library.idle();
    expect(log, <String>['login', 'listen', 'list']);
  });

  test('in real time it works, too', () async {
    await library.idle();
    expect(library.state.activity, 0);
  });

  testWidgets('inside runAsync it works, too', (WidgetTester tester) async {
    await tester.runAsync(library.idle);
  });

  testWidgets('an app that never rests is told so', (WidgetTester tester) async {
    final Timer timer = Zone.root.run(
        () => Timer.periodic(const Duration(milliseconds: 1), (_) => bridge.calls++));
    addTearDown(timer.cancel);
    await expectLater(
        library.idle(), throwsA(isA<TimBridgeException>().having((e) => e.message, 'message', contains('come to rest'))));
  });

  test('what a fault holds back is told once', () {
    bridge.waiting = <Object?>[
      <String, Object?>{'method': 'login', 'dueMs': 5000},
      <String, Object?>{'method': 'logout', 'dueMs': null},
    ];
    final DateTime now = DateTime.fromMillisecondsSinceEpoch(2000);
    expect(library.complaints(now), <Matcher>[contains('login is answered in 3000 ms'), contains('logout is never')]);
    expect(library.complaints(now), isEmpty);
  });
}
