import 'dart:async';
import 'dart:io';

import 'package:flutter_test/flutter_test.dart';

import 'connection.dart';
import 'control.dart';
import 'device.dart';
import 'environment.dart';
import 'errors.dart';
import 'expectations.dart';
import 'folders.dart';
import 'handshake.dart';
import 'library.dart';
import 'plugin.dart';
import 'plugin_channel.dart';
import 'rpc.dart';
import 'running_test.dart';
import 'server.dart';
import 'story.dart';
import 'time.dart';
import 'turn.dart';
import 'values.dart';

/// The native side of the chat plugin, played by a timbridge server, in one test.
///
/// ```dart
/// late TimBridge chat;
/// setUp(() async => chat = await TimBridge.start());
/// ```
///
/// From then on every call that the plugin makes is answered by the bridge, in a world that belongs to this test alone:
/// by its channel, or by its native library if the tests are run by `timbridge exec --native` (see [isNative]).
/// Everything is synchronous underneath on the channel, so it works inside `testWidgets` as it does in `test()` and on
/// a device. At the end of the test it is disposed by itself, and the test fails if the bridge refused a call or
/// the app's event handler threw (see [problems]).
class TimBridge {
  TimBridge._(this._connection, {required bool faithful}) {
    _app = PluginChannel(_appTurn, faithful: faithful);
    _library = NativeLibrary(_connection.request);
  }

  /// Where the plugin is to be found, for those who let it be put back at the end of each test:
  /// ```dart
  /// TimBridge.plugin = () => TencentImSDKPlugin.v2TIMManager;
  /// ```
  /// The plugin keeps listeners, and whether it has been initialised, in static fields, from one test to the next. With
  /// this its listeners are taken away and it is uninitialised when a test ends. `flutter_test_config.dart` is the
  /// place.
  static Object Function()? get plugin => Plugin.manager;
  static set plugin(Object Function()? manager) => Plugin.manager = manager;

  /// Connects to the server that the environment names, or starts one, once for all tests of a file.
  ///
  /// `timbridge exec -- flutter test` names one (`TIMBRIDGE_ADDRESS`); on a device use
  /// `--dart-define=TIMBRIDGE_ADDRESS=host:port`. Otherwise `timbridge serve` is started with [command] and
  /// [arguments] as in [TimServer.start], and ends with the process. The other parameters are those of [connect].
  /// Call it in `setUp` or `setUpAll`: a process cannot be started inside a `testWidgets` body.
  static Future<TimBridge> start({
    String? dialect,
    String? platform,
    Object? world,
    String? worldName,
    String? token,
    DateTime? now,
    bool faithful = false,
    Duration? poll,
    List<String>? command,
    List<String> arguments = const <String>[],
  }) async {
    String? address = Environment.address;
    if (address != null) {
      await _listen();
    } else {
      _refuseInFakeTime(command, arguments);
      address = (TimServer.isRunning(command, arguments)
              ? TimServer.running(command, arguments)
              : await TimServer.shared(command, arguments))
          .address;
    }
    return connect(address,
        dialect: dialect,
        platform: platform,
        world: world,
        worldName: worldName,
        token: token,
        now: now,
        faithful: faithful,
        poll: poll);
  }

  /// No process comes through to a test's body in fake time: it would wait for ever.
  static void _refuseInFakeTime(List<String>? command, List<String> arguments) {
    TestWidgetsFlutterBinding.ensureInitialized();
    if (TimServer.isRunning(command, arguments) || !NativeLibrary.isFake) return;
    throw TimBridgeException('a server cannot be started inside the body of testWidgets, where nothing real happens: '
        'call TimBridge.start() in setUp or setUpAll, or run the tests with `timbridge exec -- flutter test`.');
  }

  /// Connects to a running server, which outlives the test.
  ///
  /// * [address]: `host:port`; by default the environment's, see [start].
  /// * [dialect], [platform]: what the app's plugin is, for example `im-5.0` and `ios`; by default the server's. With a
  ///   native library it is found out; `native-8.5` says that it is an 8.5, which starts as 8.8 does.
  /// * [world]: what the world holds at first: the name of a shipped fixture, or a world as a map.
  /// * [worldName]: join the world of that name instead of getting a new one.
  /// * [token]: for a server that asks for one; by default the environment's `TIMBRIDGE_TOKEN`.
  /// * [faithful]: a call that the real plugin never answers is not answered here either. By default it ends
  ///   with a [PlatformException] that says so.
  /// * [now]: what time it is for the service; see `TimTime` for the clocks. A world begins in November 2023 otherwise,
  ///   or with [poll] at what the wall says.
  /// * [poll]: in real time, as in an integration test, ask this often for events that nobody's call caused. The
  ///   bridge's clock goes along with the wall's, so that timeouts come.
  static TimBridge connect(
    String? address, {
    String? dialect,
    String? platform,
    Object? world,
    String? worldName,
    String? token,
    DateTime? now,
    bool faithful = false,
    Duration? poll,
  }) {
    final String? found = address ?? Environment.address;
    if (found == null) {
      throw TimBridgeException('no address: give one, or set TIMBRIDGE_ADDRESS (`timbridge exec` does).');
    }
    return _open(found,
        dialect: dialect,
        platform: platform,
        world: world,
        worldName: worldName,
        token: token,
        now: now,
        faithful: faithful,
        poll: poll);
  }

  /// Lets the plugin listen at its library's port before the first test: see [Plugin.listen].
  static Future<void> _listen() async {
    if (!Environment.isNative) return;
    TestWidgetsFlutterBinding.ensureInitialized();
    if (NativeLibrary.isFake) return;
    Folders.install();
    PluginChannel.answerAlone();
    await Plugin.listen();
  }

  static TimBridge _open(
    String address, {
    String? dialect,
    String? platform,
    Object? world,
    String? worldName,
    String? token,
    DateTime? now,
    bool faithful = false,
    Duration? poll,
  }) {
    final bool isLibrarys = dialect != null && dialect.startsWith(_libraryDialects);
    final TimConnection connection = TimConnection.open(address);
    final TimBridge bridge = TimBridge._(connection, faithful: faithful);
    try {
      bridge._ownsWorld = worldName == null;
      bridge._met = Handshake.meet(connection, token ?? Environment.token);
      if (Environment.isNative || isLibrarys) bridge._sayLibrary(isLibrarys ? dialect : null);
      bridge._enter(worldName ?? _newWorldName());
      if (world != null) bridge.ask(Rpc.worldLoad, <String, Object?>{'world': world});
      if ((dialect != null && !isLibrarys) || platform != null) {
        bridge._sayWhatAppIs(isLibrarys ? null : dialect, platform);
        bridge._namedDialect = isLibrarys ? null : dialect;
      }
      final bool follows = poll != null && bridge._ownsWorld && !bridge._met.hasRealClock;
      if (now != null || follows) bridge._setClock(now ?? DateTime.now());
    } on Object {
      connection.close();
      rethrow;
    }
    bridge._install();
    if (poll != null) bridge._startPolling(poll);
    return bridge;
  }

  static String _newWorldName() => 'flutter-$pid-${DateTime.now().microsecondsSinceEpoch}-${++_worlds}';

  static int _worlds = 0;

  /// A connection's own device, to itself.
  static const String _ownDevice = '';

  static const String _libraryDialects = 'native-';

  final TimConnection _connection;
  late final Handshake _met;
  late final PluginChannel _app;
  late final NativeLibrary _library;
  final List<TimEvent> _told = <TimEvent>[];
  int _lastTold = 0;
  final Map<String, TimUser> _users = <String, TimUser>{};
  final Map<String, TimDevice> _devices = <String, TimDevice>{};
  final List<void Function()> _atEnd = <void Function()>[];
  Timer? _poll;
  String? _namedDialect;
  bool _disposed = false;
  bool _ownsWorld = false;
  int _calls = 0;

  /// Whether the end of what a call has caused may be held back, see `TimSchedule`.
  bool looksLater = false;

  /// Whether the app's plugin calls a native library (8.5.6864+4 and later) and no channel; false until it has called.
  bool get isNative => !_app.isUsed && !_disposed && _library.isThere;

  /// Whether real time has to pass for the app: also before its plugin has called anything.
  bool get _mayBeNative => isNative || (Environment.isNative && !_app.isUsed && !_disposed);

  /// The bridge's name for the device that the app under test runs on.
  String get appDevice => isNative ? _library.device : _ownDevice;

  /// The world of this test, by the name that other connections can join it with.
  late final String worldName;

  /// The plugin's channel: the one that the app called last.
  String get channel => _app.name;

  /// What the app was told so far, oldest first.
  List<TimEvent> get events {
    if (!isNative) return _app.events;
    _readJournal();
    return _told;
  }

  /// What must not happen in a passing test: calls that the bridge refused, and exceptions of the app's
  /// listeners, which the plugin swallows.
  List<TimProblem> get problems {
    if (isNative) _readJournal();
    return _app.problems;
  }

  String get address => _connection.address;

  /// The person [id], who acts through the service, without a device of their own.
  TimUser user(String id) => _users.putIfAbsent(id, () => TimUser(this, id));

  /// Another device, opened on first use: a second phone of the app's user, or somebody else's.
  TimDevice device(String name, {String? dialect, String? platform}) =>
      _devices.putIfAbsent(name, () => TimDevice.open(this, name, dialect: dialect, platform: platform));

  /// Closes the device [name], see [TimDevice.close].
  void closeDevice(String name) {
    _devices.remove(name);
    ask(Rpc.deviceClose, <String, Object?>{'device': name});
  }

  /// Asks the bridge for [method] of the control plane and delivers the events that this causes.
  ///
  /// Returns the result at once; the app has heard of the events after `await deliver()`. Throws [TimRpcError].
  Object? ask(String method, [Map<String, Object?> arguments = const <String, Object?>{}]) {
    final TimTurn turn = _turn('', method, arguments);
    turn.arrivals.forEach(_deliver);
    return turn.result;
  }

  /// As [ask], and completes when the app has been told; with a native library it is at rest before, too.
  Future<Object?> tell(String method, [Map<String, Object?> arguments = const <String, Object?>{}]) =>
      _between(() => ask(method, arguments));

  /// As [tell], for a channel call of one [device].
  Future<Object?> tellDevice(String device, String method,
          [Map<String, Object?> arguments = const <String, Object?>{}]) =>
      _between(() => askDevice(device, method, arguments));

  Future<Object?> _between(Object? Function() act) async {
    if (_mayBeNative) await deliver();
    final Object? result = act();
    await deliver();
    return result;
  }

  /// As [ask], for a channel call of one [device].
  Object? askDevice(String device, String method, [Map<String, Object?> arguments = const <String, Object?>{}]) {
    final TimTurn turn = _turn(device, method, arguments);
    turn.arrivals.forEach(_deliver);
    return turn.result;
  }

  /// Fetches the events that came without a call of this test.
  void collect() {
    if (_disposed) return;
    TimTurn.fromJson(_connection.request(Rpc.turn)).arrivals.forEach(_deliver);
  }

  /// Completes when the app has been told everything and has had time to react.
  ///
  /// What a native library tells comes in real time, which passes meanwhile, inside `testWidgets` too.
  Future<void> deliver() async {
    await _app.drain();
    if (_mayBeNative) await _library.idle();
  }

  /// How much the native library of the app has done; it stands still while the app is at rest. 0 without one.
  int get activity => isNative ? _library.state.activity : 0;

  /// Says what the app waits for that does not come by itself; each call once.
  void sayWhatWaits() {
    if (!isNative) return;
    for (final String complaint in _library.complaints(now)) {
      // ignore: avoid_print
      print('timbridge: $complaint.');
    }
  }

  /// Returns [problems] and forgets them: for a test that provokes them.
  List<TimProblem> takeProblems() {
    final List<TimProblem> taken = List<TimProblem>.of(problems);
    problems.clear();
    return taken;
  }

  /// Fails the test if there are [problems]. Happens by itself at the end of a test.
  void verify() {
    if (problems.isEmpty) return;
    final List<TimProblem> taken = takeProblems();
    fail('timbridge: what should not happen in a passing test:\n'
        '${taken.join('\n')}\n'
        'If the test means it, look at chat.takeProblems() before it ends.');
  }

  /// Gives the channel back and leaves the world. Happens by itself at the end of a test.
  Future<void> dispose() async {
    if (_disposed) return;
    _disposed = true;
    _poll?.cancel();
    _library.dispose();
    _app.uninstall();
    Folders.uninstall();
    _leaveWorld();
    _connection.close();
  }

  // ------------------------------------------------------------------ setting up

  /// What the library of this process speaks; without a [dialect] what its plugin is found to be, or the server was
  /// told.
  void _sayLibrary(String? dialect) => _connection.request(
      Rpc.libraryUse, <String, Object?>{'process': pid, if (dialect != null) 'dialect': dialect});

  void _enter(String world) {
    _connection.request(Rpc.worldUse, <String, Object?>{'world': world, 'process': pid});
    worldName = world;
    final String? test = runningTest();
    if (test != null) _connection.request(Rpc.worldsHold, <String, Object?>{'holder': test});
  }

  void _setClock(DateTime now) {
    try {
      ask(Rpc.clockSet, <String, Object?>{'ms': now.millisecondsSinceEpoch});
    } on TimRpcError catch (error) {
      throw TimBridgeException('the clock of the world cannot be set to $now: ${error.details.join('; ')}.');
    }
  }

  /// Asks every [pause] what has come. A clock that follows nothing by itself is moved by as much as real time has
  /// passed.
  void _startPolling(Duration pause) {
    final bool moves = _ownsWorld && !_met.hasRealClock;
    final Stopwatch watch = Stopwatch()..start();
    int moved = 0;
    _poll = Timer.periodic(pause, (_) {
      if (_disposed) return;
      final int ms = watch.elapsedMilliseconds - moved;
      if (moves && ms > 0) {
        moved += ms;
        ask(Rpc.clockAdvance, <String, Object?>{'ms': ms});
      } else {
        collect();
      }
    });
  }

  void _sayWhatAppIs(String? dialect, String? platform) {
    ask(Rpc.deviceUse, <String, Object?>{
      if (dialect != null) 'dialect': dialect,
      if (platform != null) 'platform': platform,
    });
  }

  void _install() {
    _app.install();
    Folders.install();
    Plugin.onError = (Object error, StackTrace stack) => _app.problems.add(TimProblem('a listener', 'the app threw: $error',
        details: '$stack'.split('\n').where((String line) => line.startsWith('#')).take(3).toList()));
    _library.watch();
    if (plugin == null && isNative) Plugin.askForManager();
    try {
      addTearDown(_finish);
    } on StateError {
      // Started outside of any test: whoever started it verifies and disposes.
    }
  }

  /// Has something checked when the test ends, before the [problems].
  void checkAtEnd(void Function() check) => _atEnd.add(check);

  Future<void> _finish() async {
    try {
      if (!_disposed) {
        _explain();
        for (final void Function() check in _atEnd) {
          check();
        }
        verify();
      }
    } finally {
      if (!_disposed) await _forget();
      await dispose();
    }
  }

  /// What a failing test needs, told if it fails; and what makes a passing one doubtful.
  void _explain() {
    if (_connection.isClosed) return;
    final List<String> lines = trace();
    if (lines.isNotEmpty) printOnFailure('timbridge: the last calls and events:\n${lines.join('\n')}');
    for (final String unmet in unmetFaults) {
      // ignore: avoid_print
      print('timbridge: $unmet.');
    }
    for (final String text in misuse) {
      // ignore: avoid_print
      print('timbridge: $text');
    }
  }

  /// What the service tolerates and apps regret, each with the mend, as `timbridge exec --sanitize` has seen it in this world.
  List<String> get misuse {
    final Object? answer = ask(Rpc.journalList, <String, Object?>{'kind': 'warning'});
    return <String>{
      for (final Object? entry in asList(asMap(answer)['entries']))
        if ('${asMap(entry)['text']}'.startsWith(_sanitizer)) '${asMap(entry)['text']}'.substring(_sanitizer.length),
    }.toList();
  }

  static const String _sanitizer = 'sanitizer ';

  /// Nobody comes back to a world that was this test's alone; a native library stays behind in it otherwise.
  void _leaveWorld() {
    if (!_ownsWorld || _connection.isClosed) return;
    try {
      _connection.request(Rpc.worldUse, <String, Object?>{'world': '', 'process': pid});
      _connection.request(Rpc.worldDrop, <String, Object?>{'world': worldName});
    } on TimRpcError {
      // Another connection is in it, and the last one to leave takes it along.
    } on TimBridgeException {
      // The server is gone, and all its worlds.
    }
  }

  /// The next test finds the plugin as this one should have: without listeners.
  Future<void> _forget() async {
    if (plugin == null || _connection.isClosed) return;
    ask(Rpc.faultClear);
    await Plugin.forget();
  }

  /// A call of the app: its own events go along with the reply, in order; others get theirs right away.
  TimTurn _appTurn(String channel, String method, Object? arguments) {
    final TimTurn turn = _turn(_ownDevice, method, arguments, channel: channel);
    if (method == 'initSDK') _checkNamedDialect(channel);
    bool isOwn(TimArrival arrival) => arrival.device == _ownDevice;
    turn.arrivals.where((TimArrival arrival) => !isOwn(arrival)).forEach(_deliver);
    if (looksLater) _look(++_calls);
    return TimTurn(turn.result, turn.arrivals.where(isOwn).toList(), pending: turn.pending);
  }

  /// Fetches what a schedule holds back behind a call, unless the app calls again at once.
  void _look(int call, [int hops = _hopsBeforeLook]) {
    if (call != _calls || _disposed) return;
    if (hops == 0) {
      collect();
    } else {
      scheduleMicrotask(() => _look(call, hops - 1));
    }
  }

  static const int _hopsBeforeLook = 32;

  /// Who has named a dialect hears if it is not the plugin's, since events would be lost without a word.
  void _checkNamedDialect(String channel) {
    final String? named = _namedDialect;
    if (named == null) return;
    final String? spoken = _met.channels[named];
    if (spoken != channel) {
      _app.problems.add(TimProblem('initSDK', 'the app calls by the channel $channel, and $named is spoken on $spoken: '
          'leave `dialect` out, it follows the plugin'));
      return;
    }
    final Object? answer = ask(
        Rpc.journalList, <String, Object?>{'kind': 'warning', 'method': 'initSDK', 'device': _ownDevice});
    for (final Object? entry in asList(asMap(answer)['entries'])) {
      _app.problems
          .add(TimProblem('initSDK', '${asMap(entry)['text']}; or leave `dialect` out, it follows the plugin'));
    }
  }

  /// What the library was told, and which of its calls no correct plugin makes: only the bridge has seen that.
  void _readJournal() {
    final Object? answer =
        ask(Rpc.journalList, <String, Object?>{'since': _lastTold, 'device': _library.device});
    for (final Object? one in asList(asMap(answer)['entries'])) {
      final Map<String, Object?> entry = asMap(one);
      final String method = '${entry['method']}';
      _lastTold = entry['seq']! as int;
      if (entry['kind'] == 'event') _told.add(TimEvent.posted(_library.device, method, entry['arguments'], entry['heardAs']));
      if (entry['kind'] == 'reply' && entry['error'] != null) {
        final TimRpcError error = TimRpcError.fromJson(method, asMap(entry['error']));
        if (!error.isInjected) _app.problems.add(TimProblem.of(error));
      }
    }
  }

  TimTurn _turn(String device, String method, Object? arguments, {String? channel}) {
    final Map<String, Object?> params = <String, Object?>{
      if (device != '') 'device': device,
      'method': method,
      'arguments': arguments ?? <String, Object?>{},
      if (channel != null) 'channel': channel,
    };
    try {
      final Object? answer = _connection.request(Rpc.turn, params);
      return TimTurn.fromJson(answer, request: _connection.lastId);
    } on TimRpcError catch (error) {
      throw TimRpcError(method, error.code, error.message, error.data);
    }
  }

  /// Each device hears its own events; what a device hears that this test did not open is nobody's business.
  void _deliver(TimArrival arrival) {
    if (arrival.device == _ownDevice) {
      _app.deliver(arrival);
    } else if (arrival is TimEvent) {
      _devices[arrival.device]?.events.add(arrival);
    }
  }
}
