import 'dart:io';

/// What the outside says: `--dart-define` first, which reaches a device too, then the environment.
class Environment {
  Environment._();

  /// `host:port` of a running server; null if nothing names one.
  static String? get address => _found(const String.fromEnvironment('TIMBRIDGE_ADDRESS'), 'TIMBRIDGE_ADDRESS');

  /// The token that the server asks for.
  static String? get token => _found(const String.fromEnvironment('TIMBRIDGE_TOKEN'), 'TIMBRIDGE_TOKEN');

  /// The choices of the schedule that a failed test has printed; null to run under those of each test.
  static String? get schedule => _found(const String.fromEnvironment('TIMBRIDGE_SCHEDULE'), 'TIMBRIDGE_SCHEDULE');

  /// Whether `timbridge exec --native` runs this.
  static bool get isNative => Platform.environment.containsKey('TIMBRIDGE_WORLD');

  /// What runs timbridge, as words; each of these is tried in turn.
  static List<List<String>> get commands {
    final String? named = _found(const String.fromEnvironment('TIMBRIDGE_COMMAND'), 'TIMBRIDGE_COMMAND');
    if (named != null) return <List<String>>[words(named)];
    return <List<String>>[
      for (final String program in _ofProject) <String>[program],
      <String>['timbridge'],
      <String>[Platform.isWindows ? 'python' : 'python3', '-m', 'bridge'],
      <String>['uvx', 'timbridge'],
    ];
  }

  /// A command line in words: the path of a file is one, whatever blanks it has, as is what stands in quotes.
  static List<String> words(String line) {
    final String whole = line.trim();
    if (File(whole).existsSync()) return <String>[whole];
    return <String>[
      for (final Match word in _word.allMatches(whole)) word.group(1) ?? word.group(2) ?? word.group(0)!,
    ];
  }

  /// The virtual environments of this project and of those around it, the nearest first.
  static List<String> get _ofProject {
    final String inside = Platform.isWindows ? r'.venv\Scripts\timbridge.exe' : '.venv/bin/timbridge';
    final List<String> found = <String>[];
    Directory folder = Directory.current;
    while (true) {
      final File program = File('${folder.path}${Platform.pathSeparator}$inside');
      if (program.existsSync()) found.add(program.path);
      if (folder.parent.path == folder.path) return found;
      folder = folder.parent;
    }
  }

  static String? _found(String defined, String name) {
    final String? value = defined.isNotEmpty ? defined : Platform.environment[name];
    return value == null || value.isEmpty ? null : value;
  }

  static final RegExp _word = RegExp(r'''"([^"]*)"|'([^']*)'|\S+''');
}
