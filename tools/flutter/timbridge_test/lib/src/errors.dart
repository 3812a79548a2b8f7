import 'dart:convert';

import 'rpc.dart';
import 'values.dart';

/// The bridge cannot be started, reached or understood.
class TimBridgeException implements Exception {
  TimBridgeException(this.message);

  final String message;

  @override
  String toString() => 'timbridge: $message';
}

/// The bridge answered a request with a JSON-RPC error.
///
/// These are calls that no correct plugin would make or get answered. A refusal by the service is not among
/// them: it is an envelope with a code, which the app sees.
class TimRpcError implements Exception {
  TimRpcError(this.method, this.code, this.message, [this.data]);

  factory TimRpcError.fromJson(String method, Map<String, Object?> json) {
    final Object? code = json['code'];
    return TimRpcError(method, code is int ? code : 0, '${json['message'] ?? ''}', json['data']);
  }

  /// The channel method or control method that was asked for.
  final String method;
  final int code;
  final String message;

  /// What the bridge knows about it: nearest names, violations, the platforms that have the method.
  final Object? data;

  /// Whether a fault has asked for it (`exception:`), so that it is no mistake of anybody's.
  bool get isInjected => asMap(data)['code'] is String;

  /// What is wrong, one thing per line.
  List<String> get details {
    final Map<String, Object?> map = asMap(data);
    final List<String> nearest = message.contains('did you mean') ? <String>[] : _names(map['nearest']);
    return <String>[
      for (final Object? violation in _violations) _violation(asMap(violation)),
      if (nearest.isNotEmpty) 'did you mean ${nearest.join(' or ')}?',
      for (final String dialect in _names(map['dialects']))
        if (!message.contains(dialect)) 'the dialect $dialect has it',
      if (_names(map['platforms']).isNotEmpty) 'only on ${_names(map['platforms']).join(', ')}',
      if (map['reason'] != null) '${map['reason']}: ${map['note'] ?? 'the real plugin does not answer this'}',
      if (map['evidence'] != null) 'evidence: ${_plain(map['evidence'])}',
    ];
  }

  List<Object?> get _violations {
    final Object? found = data is Map ? asMap(data)['violations'] : data;
    return asList(found).where((Object? item) => item is Map).toList();
  }

  static String _violation(Map<String, Object?> violation) {
    final Object path = violation['path'] ?? '';
    return path == '' ? '${violation['message']}' : '$path: ${violation['message']}';
  }

  static List<String> _names(Object? value) =>
      value is String ? <String>[value] : <String>[for (final Object? name in asList(value)) '$name'];

  static String _plain(Object? value) => value is String ? value : jsonEncode(toJson(value));

  @override
  String toString() => <String>['$method ($code): $message', ...details].join('\n  ');
}

/// The service refused what a story wanted to do: an envelope whose code is not 0.
class TimRefusal implements Exception {
  TimRefusal(this.who, this.method, this.code, this.desc);

  final String who;
  final String method;
  final int code;
  final String desc;

  @override
  String toString() => 'the service refused $method of $who: $code $desc';
}

/// Something that must not happen in a passing test, kept until the end of it.
class TimProblem {
  TimProblem(this.method, this.message, {this.code, this.details = const <String>[]});

  factory TimProblem.of(TimRpcError error) =>
      TimProblem(error.method, error.message, code: error.code, details: error.details);

  /// The channel method, or the listener whose handler threw.
  final String method;
  final String message;

  /// The JSON-RPC code of a refused call; null if the app's own event handler threw.
  final int? code;
  final List<String> details;

  /// Whether the bridge (or this version of it) does not know the method.
  bool get isUnknownMethod => code == RpcCode.unknownMethod;

  @override
  String toString() {
    final String where = code == null ? method : '$method ($code)';
    return <String>['$where: $message', ...details].join('\n  ');
  }
}
