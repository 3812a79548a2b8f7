import 'package:flutter_test/flutter_test.dart';

import 'bridge.dart';
import 'control.dart';
import 'near.dart';
import 'rpc.dart';
import 'values.dart';

/// A call that a test expects, for [TimExpectations.expectCalls].
class TimCall {
  const TimCall(this.method, [this.arguments, this.times]);

  final String method;

  /// The arguments that matter; others may be there too, and matchers may stand for values. Null: any.
  final Map<String, Object?>? arguments;

  /// How often; null: at least once.
  final int? times;
}

/// An event that a test expects, for [TimExpectations.expectEvents].
class TimHeard {
  const TimHeard(this.type, [this.data, this.times]);

  final String type;

  /// The data that matters; in a map more may be there too, and matchers may stand for values. Null: any.
  final Object? data;

  /// How often; null: at least once.
  final int? times;
}

/// What an app should have called and heard.
extension TimExpectations on TimBridge {
  /// Fails the test, with the nearest misses, unless the app made these [calls]: method names or [TimCall]s.
  ///
  /// * [device]: another device of this test, by its name.
  /// * [inOrder]: one after the other, whatever came in between.
  /// * [noOthers]: the app made no other call since the journal was cleared.
  /// * [atEnd]: not now, but when the test ends.
  void expectCalls(List<Object> calls,
      {String? device, bool inOrder = false, bool noOthers = false, bool atEnd = false}) {
    _expect('calls', <_Want>[for (final Object call in calls) _Want.call(call)],
        device: device, inOrder: inOrder, noOthers: noOthers, atEnd: atEnd);
  }

  /// Fails the test, with the nearest misses, unless the app heard these [events]: types or [TimHeard]s.
  ///
  /// The parameters are those of [expectCalls].
  void expectEvents(List<Object> events,
      {String? device, bool inOrder = false, bool noOthers = false, bool atEnd = false}) {
    _expect('events', <_Want>[for (final Object event in events) _Want.event(event)],
        device: device, inOrder: inOrder, noOthers: noOthers, atEnd: atEnd);
  }

  /// The last calls, replies and events, and who made or heard them, one line each. A failing test prints them.
  List<String> trace({int last = 20}) {
    final Object? answer = ask(Rpc.journalList, <String, Object?>{'last': last * 3});
    final Map<Object?, String> replies = <Object?, String>{};
    final List<String> lines = <String>[];
    for (final Object? one in asList(asMap(answer)['entries'])) {
      final Seen seen = Seen(asMap(one));
      if (seen.kind == 'reply') replies[seen.entry['cause']] = _outcome(seen.entry);
    }
    for (final Object? one in asList(asMap(answer)['entries'])) {
      final Seen seen = Seen(asMap(one));
      if (seen.kind != 'reply') lines.add(_line(seen, replies[seen.seq]));
    }
    return lines.length <= last ? lines : lines.sublist(lines.length - last);
  }

  static String _line(Seen seen, String? reply) {
    final String head = '${'${seen.seq}'.padLeft(5)} ${seen.who}';
    switch (seen.kind) {
      case 'call':
        return '$head calls ${seen.method} ${plain(seen.said, _width)} -> ${reply ?? 'no reply yet'}';
      case 'event':
        return '$head hears ${seen.types.join(', ')} ${plain(seen.data, _width)}';
      case 'dropped':
        return '$head does not hear ${seen.types.join(', ')}: nobody listens';
      default:
        return '$head ${seen.kind}: ${seen.entry['text'] ?? seen.method}';
    }
  }

  static String _outcome(Map<String, Object?> entry) {
    final Map<String, Object?> error = asMap(entry['error']);
    if (error.isNotEmpty) return 'error ${error['code']} ${error['message']}';
    final Map<String, Object?> result = asMap(entry['result']);
    final Object? code = result['code'];
    if (code is! int) return plain(entry['result']);
    return code == 0 ? '0' : '$code ${result['desc']}';
  }

  void _expect(
    String what,
    List<_Want> wanted, {
    required String? device,
    required bool inOrder,
    required bool noOthers,
    required bool atEnd,
  }) {
    final String on = device ?? appDevice;
    _checkNames(what, wanted);
    void check() {
      final _Found found = _Found(what == 'calls' ? 'call' : 'event', on, this);
      final List<String> flaws = <String>[
        for (final _Want want in wanted) ...found.flaws(want),
        if (inOrder) ...found.disorder(wanted),
        if (noOthers) ...found.others(wanted),
      ];
      if (flaws.isEmpty) return;
      final String who = device == null ? 'the app' : "the device '$device'";
      final String cut = found.isCut ? ' (the journal no longer has its oldest entries)' : '';
      fail('timbridge: not the $what that were expected of $who$cut:\n  ${flaws.join('\n  ')}');
    }

    atEnd ? checkAtEnd(check) : check();
  }

  /// Names that no plugin has are refused: to expect that nothing of such a name was called would always hold.
  void _checkNames(String what, List<_Want> wanted) => ask(Rpc.journalExpect, <String, Object?>{
        what: <Object?>[
          for (final _Want want in wanted) <String, Object?>{what == 'calls' ? 'method' : 'type': want.name},
        ],
      });

  static const int _width = 100;
}

/// One thing that is expected, whatever it is.
class _Want {
  _Want(this.name, this.path, this.value, this.times);

  factory _Want.call(Object call) {
    if (call is String) return _Want(call, '', null, null);
    if (call is TimCall) return _Want(call.method, '', call.arguments, call.times);
    throw ArgumentError.value(call, 'calls', 'expected a method name or a TimCall');
  }

  factory _Want.event(Object event) {
    if (event is String) return _Want(event, 'data', null, null);
    if (event is TimHeard) return _Want(event.type, 'data', event.data, event.times);
    throw ArgumentError.value(event, 'events', 'expected the type of an event or a TimHeard');
  }

  final String name;
  final String path;
  final Object? value;
  final int? times;

  List<String> misses(Seen seen) =>
      value == null ? <String>[] : differences(path, value, path == '' ? seen.said : seen.data);

  String get wish => value == null ? name : '$name ${plain(value)}';
}

/// What the journal has of one device.
class _Found {
  _Found(this.kind, this.device, this.bridge) {
    final Map<String, Object?> answer = asMap(bridge.ask(Rpc.journalList, <String, Object?>{'device': device}));
    isCut = answer['cut'] == true;
    for (final Object? one in asList(answer['entries'])) {
      final Seen seen = Seen(asMap(one));
      if (seen.kind == kind) all.add(seen);
      if (seen.kind == 'dropped') dropped.add(seen);
    }
  }

  final String kind;
  final String device;
  final TimBridge bridge;
  final List<Seen> all = <Seen>[];
  final List<Seen> dropped = <Seen>[];
  bool isCut = false;

  /// Entries of the name that is wanted; a native library's calls are found by the plugin's names, which the bridge
  /// knows.
  List<Seen> named(String name) {
    if (kind == 'event') return all.where((Seen seen) => seen.types.contains(name)).toList();
    if (all.any((Seen seen) => seen.method == name)) return all.where((Seen seen) => seen.method == name).toList();
    return <Seen>[
      for (final Map<String, Object?> entry in bridge.journal(method: name, device: device))
        if (entry['kind'] == kind) Seen(entry),
    ];
  }

  List<Seen> met(_Want want) => named(want.name).where((Seen seen) => want.misses(seen).isEmpty).toList();

  List<String> flaws(_Want want) {
    final List<Seen> right = met(want);
    final int? times = want.times;
    if (times == null ? right.isNotEmpty : right.length == times) return <String>[];
    final String wish = times == null ? want.wish : '${want.wish} ${_often(times)}';
    if (right.isNotEmpty) return <String>['$wish: came ${_often(right.length)} (${_numbers(right)})'];
    final List<Seen> near = named(want.name)..sort((Seen a, Seen b) => _closer(want, a, b));
    return <String>[
      if (near.isEmpty && _isLost(want)) '$wish: happened while nobody listened',
      if (near.isEmpty && !_isLost(want)) '$wish: never ${kind == 'call' ? 'called' : 'heard'}',
      for (final Seen seen in near.take(_most)) '${want.name} no. ${seen.seq}: ${want.misses(seen).join('; ')}',
    ];
  }

  bool _isLost(_Want want) => kind == 'event' && dropped.any((Seen seen) => seen.types.contains(want.name));

  static int _closer(_Want want, Seen a, Seen b) {
    final int less = want.misses(a).length.compareTo(want.misses(b).length);
    return less != 0 ? less : b.seq.compareTo(a.seq);
  }

  /// The first that comes too early; nothing while something is missing at all.
  List<String> disorder(List<_Want> wanted) {
    int at = -1;
    String before = '';
    for (final _Want want in wanted) {
      final List<Seen> right = met(want);
      if (right.isEmpty) return <String>[];
      final List<Seen> later = right.where((Seen seen) => seen.seq > at).toList();
      if (later.isEmpty) return <String>['${want.wish}: came before $before (${_numbers(right)}, and that no. $at)'];
      at = later.first.seq;
      before = want.wish;
    }
    return <String>[];
  }

  List<String> others(List<_Want> wanted) {
    final Set<int> right = <int>{
      for (final _Want want in wanted) ...met(want).map((Seen seen) => seen.seq),
    };
    return <String>[
      for (final Seen seen in all)
        if (!right.contains(seen.seq))
          'not expected: ${kind == 'call' ? seen.method : seen.type} no. ${seen.seq} '
              '${plain(kind == 'call' ? seen.said : seen.data)}',
    ];
  }

  static String _often(int times) => times == 1 ? 'once' : '$times times';

  static String _numbers(List<Seen> seen) => 'no. ${seen.map((Seen one) => one.seq).join(', ')}';

  static const int _most = 3;
}
