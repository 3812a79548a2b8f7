import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'environment.dart';
import 'errors.dart';
import 'values.dart';

/// A bridge in a process of its own: `timbridge serve --listen`.
///
/// [TimBridge.start] starts one by itself, for all tests of a file. Start one to say more about it, and connect to its
/// [address]; each test still has a world of its own.
class TimServer {
  TimServer._(this._process, this._stdout, this.address);

  /// Starts a server and waits until it listens.
  ///
  /// [command] is what runs timbridge; by default the environment's `TIMBRIDGE_COMMAND`, else what is found first of
  /// `.venv/bin/timbridge` in this folder or one around it, `timbridge`, `python3 -m bridge` and `uvx timbridge`.
  /// [arguments] are further options of `timbridge serve`, for example `['--strict']`.
  static Future<TimServer> start({
    List<String>? command,
    String? dialect,
    String? platform,
    List<String> arguments = const <String>[],
    Duration patience = const Duration(seconds: 20),
  }) async {
    final List<String> options = <String>[
      'serve',
      '--listen',
      '127.0.0.1:0',
      '--until-stdin-closes', // a test run that is killed leaves no server behind
      if (dialect != null) ...<String>['--dialect', dialect],
      if (platform != null) ...<String>['--platform', platform],
      ...arguments,
    ];
    final List<String> reasons = <String>[];
    for (final List<String> words in command == null ? Environment.commands : <List<String>>[command]) {
      try {
        return await _start(words, options, patience);
      } on _NotThere catch (error) {
        reasons.add('${words.join(' ')}: ${error.why}');
      }
    }
    throw TimBridgeException('no server can be started (${reasons.join('; ')}). '
        'Install timbridge into .venv or by `pip install timbridge`, name it in TIMBRIDGE_COMMAND, '
        'or run the tests with `timbridge exec -- flutter test`.');
  }

  /// The server of this isolate, which is started once and ends with the process; each test has a world of its own on
  /// it.
  static Future<TimServer> shared(List<String>? command, List<String> arguments) async {
    final String key = jsonEncode(<Object?>[command, arguments]);
    return _shared[key] ??= await Zone.root.run(() => start(command: command, arguments: arguments));
  }

  /// Whether [shared] need not wait for a process.
  static bool isRunning(List<String>? command, List<String> arguments) =>
      _shared.containsKey(jsonEncode(<Object?>[command, arguments]));

  /// The one of [isRunning].
  static TimServer running(List<String>? command, List<String> arguments) =>
      _shared[jsonEncode(<Object?>[command, arguments])]!;

  static final Map<String, TimServer> _shared = <String, TimServer>{};

  static Future<TimServer> _start(List<String> words, List<String> options, Duration patience) async {
    final Process process;
    try {
      process = await Process.start(words.first, <String>[...words.skip(1), ...options]);
    } on ProcessException catch (error) {
      throw _NotThere(error.message.isEmpty ? 'cannot be run' : error.message);
    }
    final StringBuffer complaints = StringBuffer();
    unawaited(process.stderr.transform(utf8.decoder).forEach(complaints.write));
    final Completer<String> ready = Completer<String>();
    final StreamSubscription<String> lines = process.stdout
        .transform(utf8.decoder)
        .transform(const LineSplitter())
        .listen((String line) => _takeAddress(line, ready), onDone: () => _giveUp(ready, complaints));
    try {
      return TimServer._(process, lines, await ready.future.timeout(patience));
    } on TimeoutException {
      process.kill();
      throw _NotThere('does not listen after ${patience.inSeconds} s');
    } on Object {
      process.kill();
      rethrow;
    }
  }

  static void _takeAddress(String line, Completer<String> ready) {
    if (ready.isCompleted) return;
    try {
      ready.complete('${asMap(jsonDecode(line))['listening']}');
    } on FormatException {
      ready.completeError(TimBridgeException('expected the address of the server, got: $line'));
    }
  }

  static void _giveUp(Completer<String> ready, StringBuffer complaints) {
    if (ready.isCompleted) return;
    final List<String> said = '$complaints'.trim().split('\n');
    ready.completeError(_NotThere('ended before it listened${said.last.isEmpty ? '' : ', saying: ${said.last}'}'));
  }

  final Process _process;
  final StreamSubscription<String> _stdout;

  /// Where it listens: `host:port`, perhaps with a scheme.
  final String address;

  /// Ends the server and all its worlds.
  Future<void> stop() async {
    _process.kill();
    await _process.exitCode;
    await _stdout.cancel();
  }
}

/// A command that runs no timbridge: the next one may.
class _NotThere implements Exception {
  _NotThere(this.why);

  final String why;
}
