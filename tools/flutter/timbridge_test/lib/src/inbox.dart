import 'dart:async';
import 'dart:collection';

/// Delivers replies and events one by one, the way an engine does.
///
/// In a running app each platform message is a task of its own: all microtasks that it caused have run before
/// the next one comes. Inside a fake-async zone there are no tasks, only microtasks, so a task is played by
/// waiting for [gap] microtasks. What follows a reply, through any sensible number of `await`s, is then done
/// when the event behind it arrives.
class Inbox {
  Inbox({this.gap = 50});

  /// How many microtasks lie between two deliveries.
  final int gap;

  final Queue<void Function()> _waiting = Queue<void Function()>();
  int _delivered = 0;
  Zone? _zone;

  int get length => _waiting.length;

  /// Puts [deliver] at the end of the line. It runs soon, in the zone of whoever drains the line.
  void add(void Function() deliver) {
    _waiting.add(deliver);
    if (identical(_zone, Zone.current)) return;
    unawaited(drain());
  }

  /// Completes when the line is empty and what the last delivery caused has had its time.
  ///
  /// May run in several zones at once: a zone that a finished test left behind may never run again. Each
  /// delivery still happens once and in order, and each drain keeps its distance from the others' deliveries.
  Future<void> drain() async {
    final Zone zone = Zone.current;
    _zone = zone;
    int seen;
    do {
      seen = _delivered;
      for (int i = 0; i < gap; i++) {
        await null;
      }
      if (_waiting.isNotEmpty && seen == _delivered) {
        _delivered++;
        _waiting.removeFirst()();
      }
    } while (_waiting.isNotEmpty || seen != _delivered);
    if (identical(_zone, zone)) _zone = null;
  }

  /// Forgets what has not been delivered.
  void clear() => _waiting.clear();
}
