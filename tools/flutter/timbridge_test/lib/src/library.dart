import 'dart:async';
import 'dart:io';

import 'package:flutter_test/flutter_test.dart';

import 'errors.dart';
import 'rpc.dart';
import 'values.dart';

/// How far the native library of this process is, as the bridge knows it.
class LibraryState {
  LibraryState._(this.devices, this.activity, this.posts, this.waiting);

  factory LibraryState.fromJson(Object? answer) {
    final List<Map<String, Object?>> rows = <Map<String, Object?>>[
      for (final Object? row in asList(asMap(answer)['libraries'])) asMap(row),
    ];
    int sum(String key) => rows.fold(0, (int before, Map<String, Object?> row) => before + (row[key]! as int));
    return LibraryState._(
      <String>[for (final Map<String, Object?> row in rows) '${row['device']}'],
      sum('calls') + sum('posts'),
      sum('posts'),
      <Map<String, Object?>>[
        for (final Map<String, Object?> row in rows)
          for (final Object? call in asList(row['waiting'])) asMap(call),
      ],
    );
  }

  /// What the bridge calls the library's device; one for each isolate that calls it.
  final List<String> devices;

  /// Grows with everything that the library calls and is told.
  final int activity;

  /// How many texts it was told, answers among them.
  final int posts;

  /// Calls whose answers are held back, as `{method, dueMs}`; without a time those that never come.
  final List<Map<String, Object?>> waiting;
}

/// The native library that plugins from 8.5.6864+4 on have in place of a channel.
///
/// What it answers and tells comes through a port, in real time. In a widget test, whose time is not real, somebody
/// has to let real time pass: [idle] does.
class NativeLibrary {
  NativeLibrary(this._request);

  /// Asks the bridge, without any events coming along.
  final Object? Function(String method, Map<String, Object?> arguments) _request;

  /// The zone of the test's body while fake time is in it; see `Plugin`.
  static Zone? fakeZone;

  bool _there = false;
  bool _letting = false;
  int _begun = 0;
  int _postsTaken = 0;
  int _stuck = 0;
  Timer? _watch;
  final Set<String> _told = <String>{};

  /// The name of the library's device.
  String device = 'app';

  /// Whether something in this process has called a library of ours.
  bool get isThere => _there || _look().devices.isNotEmpty;

  /// Completes when the library is idle: all that it was told has been taken, and nothing has come of that.
  ///
  /// Inside `testWidgets` real time passes meanwhile, and the test's own stands still.
  Future<void> idle() async {
    int before = -1;
    for (int quiet = 0, round = 0; quiet < 2; round++) {
      final LibraryState state = _catchUp();
      quiet = state.activity == before ? quiet + 1 : 0;
      before = state.activity;
      if (round == _mostRounds) {
        throw TimBridgeException('the app does not come to rest: after $round rounds it still calls the plugin. '
            'Does it ask again whenever it is answered?');
      }
      final Duration patience = state.activity > _begun ? _short : _long;
      await _inRealTime(() async {
        await takeFromPort();
        await Future<void>.delayed(patience);
      });
      _postsTaken = state.posts;
      for (int i = 0; i < _hops; i++) {
        await null;
      }
    }
  }

  /// How far the library is, without waiting.
  LibraryState get state => _look();

  /// What the app waits for in vain, a sentence each; each is told once.
  List<String> complaints(DateTime now) => <String>[
        for (final Map<String, Object?> call in _look().waiting)
          if (_told.add('$call')) _complaint(call, now.millisecondsSinceEpoch),
      ];

  static String _complaint(Map<String, Object?> call, int nowMs) {
    final Object? dueMs = call['dueMs'];
    return dueMs is int
        ? '${call['method']} is answered in ${dueMs - nowMs} ms of the bridge\'s clock: '
            'a fault holds it back until `chat.pump(tester, …)` or `chat.advance(…)`'
        : '${call['method']} is never answered: a fault (noReply) wants it so';
  }

  /// Says so, once in a test, when its body waits in fake time for what comes in real time.
  void watch() {
    _begun = _look().activity;
    _watch ??= Zone.root.run(() => Timer.periodic(_tick, (_) => _lookAtBody()));
  }

  void dispose() => _watch?.cancel();

  /// The isolate is idle whenever this is called; so a test's body that has not taken its answers waits for something
  /// else.
  void _lookAtBody() {
    if (_letting || !_isFakeTest) return;
    try {
      _stuck = _look().posts > _postsTaken ? _stuck + 1 : 0;
    } on TimBridgeException {
      return; // the next call of the test says what is wrong
    }
    if (_stuck != _patience) return;
    // ignore: avoid_print
    print('timbridge: this test has been waiting for ${_patience * _tick.inSeconds} s while answers of the plugin are '
        'there. The native library answers in real time, which inside testWidgets does not pass by itself: do not await '
        'a call of the plugin there, but put `await chat.settle(tester)` behind it, or the call into `tester.runAsync`.');
  }

  // ------------------------------------------------------------------ asking

  LibraryState _look({bool mark = false}) {
    final LibraryState state = LibraryState.fromJson(_ask(mark: mark));
    _note(state);
    return state;
  }

  Object? _ask({required bool mark}) =>
      _request(Rpc.libraryLook, <String, Object?>{'process': pid, if (mark) 'mark': true});

  void _note(LibraryState state) {
    if (state.devices.isEmpty) return;
    _there = true;
    device = state.devices.first;
  }

  /// Waits, without letting anything else run, until all that the bridge has said so far lies at the isolate's port.
  LibraryState _catchUp() {
    final Object? asked = _ask(mark: true);
    final int mark = asMap(asked)['mark']! as int;
    final Stopwatch watch = Stopwatch()..start();
    Object? answer = asked;
    while (!_isBack(answer, mark)) {
      if (watch.elapsed > _longest) {
        throw TimBridgeException('the native library has not reacted for ${_longest.inSeconds} s.');
      }
      sleep(const Duration(microseconds: 100));
      answer = _ask(mark: false);
    }
    final LibraryState state = LibraryState.fromJson(answer);
    _note(state);
    return state;
  }

  static bool _isBack(Object? answer, int mark) =>
      asList(asMap(answer)['libraries']).every((Object? row) => (asMap(row)['marked']! as int) >= mark);

  // ------------------------------------------------------------------ real time

  Future<void> _inRealTime(Future<void> Function() work) async {
    _letting = true;
    try {
      if (!isFake) return await work();
      fakeZone = Zone.current;
      await TestWidgetsFlutterBinding.instance.runAsync(work);
    } finally {
      _letting = false;
    }
  }

  /// Lets Dart take what lies at the port. Needs real time.
  static Future<void> takeFromPort() async {
    for (int i = 0; i < _turns; i++) {
      await Future<void>.delayed(Duration.zero);
    }
  }

  static bool get _isFakeTest {
    final TestWidgetsFlutterBinding binding = TestWidgetsFlutterBinding.instance;
    return binding is AutomatedTestWidgetsFlutterBinding && binding.inTest;
  }

  /// Whether this runs in fake time: in the body of `testWidgets` it does, inside `runAsync` it does not.
  static bool get isFake {
    if (!_isFakeTest) return false;
    final AutomatedTestWidgetsFlutterBinding binding =
        TestWidgetsFlutterBinding.instance as AutomatedTestWidgetsFlutterBinding;
    final int before = binding.microtaskCount;
    scheduleMicrotask(() {});
    return binding.microtaskCount > before;
  }

  /// Turns of the event loop in which Dart takes what lies at the port, and what came while it did.
  static const int _turns = 3;

  /// Microtasks that what follows an answer may take, through any sensible number of `await`s.
  static const int _hops = 50;
  static const int _mostRounds = 500;

  /// What a start of the client may wait for beside the library: files, where path_provider is no channel.
  static const Duration _long = Duration(milliseconds: 20);
  static const Duration _short = Duration(milliseconds: 1);
  static const Duration _longest = Duration(seconds: 10);
  static const Duration _tick = Duration(seconds: 1);
  static const int _patience = 2;
}
