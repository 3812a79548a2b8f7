import 'values.dart';

/// What the platform says to the app without being asked: one call of a listener.
class TimEvent {
  TimEvent(this.device, this.method, this.arguments, {this.early = false});

  /// Reads an entry of a turn's event list.
  factory TimEvent.fromJson(Map<String, Object?> json) => TimEvent(
        '${json['device'] ?? ''}',
        '${json['method']}',
        json['arguments'],
        early: json['earlier'] == true || json['beforeReply'] == true,
      );

  /// The device that hears it; `''` is the app under test unless it runs on a named device.
  final String device;

  /// The listener, for example `conversationListener`.
  final String method;

  /// What the plugin gets: `{type, data, listenerUuid…}`.
  final Object? arguments;

  /// Whether it comes before the reply of its turn: it was caused by something earlier, or it is one of the
  /// few (progress of a transfer) that the platform sends while a call is still running.
  final bool early;

  /// What happened, for example `onConversationGroupCreated`.
  String get type => '${asMap(arguments)['type']}';

  Object? get data => asMap(arguments)['data'];

  @override
  String toString() => '${device == '' ? '' : '$device: '}$method $type $data';
}

/// A call and all that it caused.
class TimTurn {
  TimTurn(this.result, this.events, {this.isPending = false});

  factory TimTurn.fromJson(Object? json) {
    final Map<String, Object?> map = asMap(json);
    return TimTurn(
      map['result'],
      <TimEvent>[for (final Object? event in asList(map['events'])) TimEvent.fromJson(asMap(event))],
      isPending: map['pending'] == true,
    );
  }

  final Object? result;
  final List<TimEvent> events;

  /// Whether the reply is held back, because a fault says so.
  final bool isPending;

  /// This turn without the events of other devices than [device].
  TimTurn only(String device) => TimTurn(
        result,
        events.where((TimEvent event) => event.device == device).toList(),
        isPending: isPending,
      );

  List<TimEvent> get early => events.where((TimEvent event) => event.early).toList();
  List<TimEvent> get late => events.where((TimEvent event) => !event.early).toList();
}
