import 'dart:async';
import 'dart:convert';
import 'dart:io';

import 'errors.dart';
import 'values.dart';

/// A bridge in a process of its own: `timbridge serve --listen`.
///
/// [TimBridge.start] starts one by itself. Start one in `setUpAll` to share it between the tests of a file; each
/// test then connects to [address] and still has a world of its own.
class TimServer {
  TimServer._(this._process, this._stdout, this.address);

  /// Starts a server and waits until it listens.
  ///
  /// [command] is what runs timbridge; by default the environment's `TIMBRIDGE_COMMAND`, else `timbridge`.
  /// [arguments] are further options of `timbridge serve`, for example `['--strict']`.
  static Future<TimServer> start({
    List<String>? command,
    String? dialect,
    String? platform,
    List<String> arguments = const <String>[],
    Duration patience = const Duration(seconds: 20),
  }) async {
    final List<String> words = command ?? _defaultCommand;
    final Process process = await _spawn(words, <String>[
      'serve',
      '--listen',
      '127.0.0.1:0',
      '--until-stdin-closes', // a test run that is killed leaves no server behind
      if (dialect != null) ...<String>['--dialect', dialect],
      if (platform != null) ...<String>['--platform', platform],
      ...arguments,
    ]);
    final StringBuffer complaints = StringBuffer();
    unawaited(process.stderr.transform(utf8.decoder).forEach(complaints.write));
    final Completer<String> ready = Completer<String>();
    final StreamSubscription<String> lines = process.stdout
        .transform(utf8.decoder)
        .transform(const LineSplitter())
        .listen((String line) => _takeAddress(line, ready), onDone: () => _giveUp(ready, words, complaints));
    try {
      return TimServer._(process, lines, await ready.future.timeout(patience));
    } on Object {
      process.kill();
      rethrow;
    }
  }

  static List<String> get _defaultCommand {
    final String words = Platform.environment['TIMBRIDGE_COMMAND'] ?? 'timbridge';
    return words.split(' ').where((String word) => word.isNotEmpty).toList();
  }

  static Future<Process> _spawn(List<String> command, List<String> arguments) async {
    try {
      return await Process.start(command.first, <String>[...command.skip(1), ...arguments]);
    } on ProcessException catch (error) {
      throw TimBridgeException('cannot run "${command.join(' ')}" (${error.message}). '
          'Install it with `pip install timbridge`, name it in TIMBRIDGE_COMMAND, '
          'or run the tests with `timbridge exec -- flutter test`.');
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

  static void _giveUp(Completer<String> ready, List<String> command, StringBuffer complaints) {
    if (ready.isCompleted) return;
    ready.completeError(TimBridgeException('"${command.join(' ')}" ended before it listened:\n$complaints'));
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
