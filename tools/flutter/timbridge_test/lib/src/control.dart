import 'package:flutter/services.dart';

import 'bridge.dart';
import 'near.dart';
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
  /// on; [times]: only so often, else until [clearFaults]; [probability]: from 0 to 1, the same calls in every run.
  /// How:
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

  /// The faults that no call has met so far, a line each. They are told at the end of a test.
  List<String> get unmetFaults => <String>[
        for (final Object? one in asList(asMap(faults())['faults']))
          if (asMap(one)['taken'] == 0)
            'no call met the fault ${plain(asMap(one)['match'])} -> ${plain(asMap(one)['effect'])}'
                '${asMap(one)['seen'] == 0 ? '' : ', though ${asMap(one)['seen']} matched it'}',
      ];

  void clearFaults() => ask(Rpc.faultClear);

  static Map<String, Object?> _exception(PlatformException exception) => <String, Object?>{
        'code': exception.code,
        'message': exception.message,
        'details': exception.details,
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

  /// What the bridge does for each method, and how often it was called: `{dialect, platform, methods}`.
  Map<String, Object?> coverage() => asMap(ask(Rpc.coverage));
}
