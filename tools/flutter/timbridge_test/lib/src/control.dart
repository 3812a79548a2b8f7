import 'dart:convert';

import 'package:flutter/services.dart';
import 'package:flutter_test/flutter_test.dart';

import 'bridge.dart';
import 'rpc.dart';
import 'values.dart';

/// The world as a whole.
extension TimWorld on TimBridge {
  /// Back to the beginning: the world that the test started with, the clock, no faults; devices as just opened.
  Future<void> reset() => _change(Rpc.worldReset);

  /// Replaces the world: by the name of a shipped fixture, or by a world as a map.
  Future<void> load(Object world) => _change(Rpc.worldLoad, <String, Object?>{'world': world});

  /// The whole world as a map that [load] takes.
  Map<String, Object?> export() => asMap(ask(Rpc.worldExport));

  /// Remembers this moment, for [rollback].
  Object checkpoint() => asMap(ask(Rpc.worldCheckpoint))['checkpoint']!;

  /// Back to a [checkpoint]. The app is not told, as if the time since had not been.
  Future<void> rollback(Object checkpoint) =>
      _change(Rpc.worldRollback, <String, Object?>{'checkpoint': checkpoint});

  Future<void> _change(String method, [Map<String, Object?> arguments = const <String, Object?>{}]) =>
      tell(method, arguments);
}

/// What goes wrong in real life.
extension TimTrouble on TimBridge {
  /// Makes the next matching channel calls go wrong, in exactly one way.
  ///
  /// Which calls: of [method], of [user], of [device]; all if none is given. [nth]: from the nth of them
  /// on; [times]: only so often, else until [clearFaults]; [probability]: from 0 to 1, the same calls in every run. How:
  /// * [code] (with [desc]): the service refuses; nothing happens in the world;
  /// * [exception]: the plugin throws it; nothing happens in the world;
  /// * [delay]: carried out, answered when that has passed on the bridge's clock (see `pump`);
  /// * [noReply]: carried out, never answered;
  /// * [disconnect], [kick], [expireUserSig]: carried out and answered, then it happens.
  void fault({
    String? method,
    String? user,
    String? device,
    int? nth,
    int? times,
    double? probability,
    int? code,
    String desc = '',
    Duration? delay,
    PlatformException? exception,
    bool noReply = false,
    bool disconnect = false,
    bool kick = false,
    bool expireUserSig = false,
  }) {
    final List<Map<String, Object?>> effects = <Map<String, Object?>>[
      if (code != null) <String, Object?>{'code': code, 'desc': desc},
      if (delay != null) <String, Object?>{'delayMs': delay.inMilliseconds},
      if (exception != null) <String, Object?>{'platformException': _exception(exception)},
      if (noReply) <String, Object?>{'noReply': true},
      if (disconnect) <String, Object?>{'disconnect': true},
      if (kick) <String, Object?>{'kick': true},
      if (expireUserSig) <String, Object?>{'expireUserSig': true},
    ];
    if (effects.length != 1) throw ArgumentError('a fault has exactly one effect, this one has ${effects.length}');
    ask(Rpc.faultSet, <String, Object?>{
      'match': <String, Object?>{
        if (method != null) 'method': method,
        if (user != null) 'user': user,
        if (device != null) 'device': device,
        if (nth != null) 'nth': nth,
        if (times != null) 'times': times,
        if (probability != null) 'probability': probability,
      },
      'effect': effects.single,
    });
  }

  /// The faults that are set, as the bridge describes them.
  Object? faults() => ask(Rpc.faultList);

  void clearFaults() => ask(Rpc.faultClear);

  static Map<String, Object?> _exception(PlatformException exception) => <String, Object?>{
        'code': exception.code,
        'message': exception.message,
        'details': exception.details,
      };
}

/// A call that a test expects, for [TimJournal.expectCalls].
class TimCall {
  const TimCall(this.method, [this.arguments, this.times]);

  final String method;

  /// The arguments that matter; others may be there too. Null: any.
  final Map<String, Object?>? arguments;

  /// How often; null: at least once.
  final int? times;

  Map<String, Object?> toJson() => <String, Object?>{
        'method': method,
        if (arguments != null) 'arguments': arguments,
        if (times != null) 'times': times,
      };
}

/// An event that a test expects, for [TimJournal.expectEvents].
class TimHeard {
  const TimHeard(this.type, [this.data, this.times]);

  final String type;

  /// The data that matters; in a map more may be there too. Null: any.
  final Object? data;

  /// How often; null: at least once.
  final int? times;

  Map<String, Object?> toJson() => <String, Object?>{
        'type': type,
        if (data != null) 'data': data,
        if (times != null) 'times': times,
      };
}

/// What happened, as the bridge saw it.
extension TimJournal on TimBridge {
  /// Entries `{seq, ms, device, kind, method, …}`, oldest first.
  List<Map<String, Object?>> journal({int? since, String? method, String? device}) {
    final Object? answer = ask(Rpc.journalList, <String, Object?>{
      if (since != null) 'since': since,
      if (method != null) 'method': method,
      if (device != null) 'device': device,
    });
    return <Map<String, Object?>>[for (final Object? entry in asList(asMap(answer)['entries'])) asMap(entry)];
  }

  void clearJournal() => ask(Rpc.journalClear);

  /// Fails the test, with the nearest misses, unless the app made these [calls]: method names or [TimCall]s.
  void expectCalls(List<Object> calls) =>
      _expect('calls', 'made', <Object?>[for (final Object call in calls) _expected(call).toJson()]);

  /// Fails the test, with the nearest misses, unless devices of this test heard these [events]: types or [TimHeard]s.
  void expectEvents(List<Object> events) =>
      _expect('events', 'heard', <Object?>[for (final Object event in events) _expectedEvent(event).toJson()]);

  /// What the bridge does for each method, and how often it was called: `{dialect, platform, methods}`.
  Map<String, Object?> coverage() => asMap(ask(Rpc.coverage));

  void _expect(String what, String happened, List<Object?> wanted) {
    final Map<String, Object?> answer = asMap(ask(Rpc.journalExpect, <String, Object?>{what: wanted}));
    if (answer['match'] == true) return;
    final String window = answer['cut'] == true ? ' (the journal no longer has its oldest entries)' : '';
    fail('these $what were not $happened as expected$window:\n${_pretty(answer['missing'])}');
  }

  static TimHeard _expectedEvent(Object event) {
    if (event is TimHeard) return event;
    if (event is String) return TimHeard(event);
    throw ArgumentError.value(event, 'events', 'expected the type of an event or a TimHeard');
  }

  static TimCall _expected(Object call) {
    if (call is TimCall) return call;
    if (call is String) return TimCall(call);
    throw ArgumentError.value(call, 'calls', 'expected a method name or a TimCall');
  }

  static String _pretty(Object? value) => const JsonEncoder.withIndent('  ').convert(toJson(value));
}
