import 'package:flutter_test/flutter_test.dart';

import 'bridge.dart';
import 'environment.dart';
import 'errors.dart';
import 'rpc.dart';
import 'values.dart';

/// Another order in which a phone could have told the app the same.
///
/// The bridge tells everything always in the same order. On a phone a conversation's change may come before the reply of the call
/// that caused it, what gathered while the network was away in another order and twice, and an app that calls again at once
/// is answered before it hears the last of what its call before has caused. So a test may run in many orders:
///
/// ```dart
/// for (final TimSchedule schedule in TimSchedule.some(20)) {
///   testWidgets('counts what is unread, $schedule', (WidgetTester tester) async {
///     chat.follow(schedule);
///     // the test as always
///   });
/// }
/// ```
///
/// A test that fails says which choices its schedule has made, and with which `TIMBRIDGE_SCHEDULE` it fails again. The first
/// schedules make one choice, later ones more, so that what fails first is short.
class TimSchedule {
  const TimSchedule._(this._arguments, this._name);

  /// The order in which the bridge tells everything without one.
  static const TimSchedule usual = TimSchedule._(<String, Object?>{}, 'in the usual order');

  /// The schedule of a [seed], by chance, with at most [most] choices that are not the usual ones.
  factory TimSchedule.seed(int seed, {int? most}) => TimSchedule._(
      <String, Object?>{'seed': seed, if (most != null) 'most': most}, 'under schedule $seed');

  /// The one that makes just these choices, as a failed test has printed them: `3:1 7:2`.
  factory TimSchedule.steps(String steps) =>
      TimSchedule._(<String, Object?>{'steps': steps}, 'under the schedule $steps');

  /// The usual order and [count] others; or the one that `TIMBRIDGE_SCHEDULE` names, alone.
  static List<TimSchedule> some(int count) {
    final String? named = Environment.schedule;
    if (named != null) return <TimSchedule>[TimSchedule.steps(named)];
    return <TimSchedule>[
      usual,
      for (int seed = 1; seed <= count; seed++) TimSchedule.seed(seed, most: 1 + seed ~/ _ofEachLength),
    ];
  }

  static const int _ofEachLength = 8;

  final Map<String, Object?> _arguments;
  final String _name;

  @override
  String toString() => _name;
}

/// Running in other orders.
extension TimScheduling on TimBridge {
  /// Lets the app hear everything in the order of [schedule] from now on.
  ///
  /// Of apps that call by the channel: what a native library tells stays in its order.
  void follow(TimSchedule schedule) {
    if (isNative) {
      throw TimBridgeException('a schedule is for apps that call by the channel, and this one calls a native library.');
    }
    ask(Rpc.scheduleUse, schedule._arguments);
    looksLater = schedule._arguments.isNotEmpty;
    if (!looksLater) return;
    checkAtEnd(() => _explain(asMap(ask(Rpc.scheduleSeen))));
  }

  static void _explain(Map<String, Object?> seen) {
    final List<Object?> said = asList(seen['said']);
    if (said.isEmpty) return;
    printOnFailure('timbridge: what the schedule chose:\n'
        '${said.map((Object? one) => '  $one').join('\n')}\n'
        'Again: --dart-define=TIMBRIDGE_SCHEDULE="${seen['steps']}"');
  }
}
