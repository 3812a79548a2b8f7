import 'errors.dart';
import 'values.dart';

/// What a device gets in a turn: an event, or the reply to an earlier call.
abstract class TimArrival {
  TimArrival(this.device, {this.early = false});

  /// Reads an entry of a turn's event list.
  factory TimArrival.fromJson(Map<String, Object?> json) =>
      json.containsKey('reply') ? TimLateReply.fromJson(json) : TimEvent.fromJson(json);

  /// The device that gets it; `''` is the app under test unless that runs on a named device.
  final String device;

  /// Whether it comes before the reply of its turn: it was caused by something earlier, or it is one of the
  /// few (progress of a transfer) that the platform sends while a call is still running.
  final bool early;

  static bool _isEarly(Map<String, Object?> json) => json['earlier'] == true || json['beforeReply'] == true;
}

/// What the platform says to the app without being asked: one call of a listener.
class TimEvent extends TimArrival {
  TimEvent(super.device, this.method, this.arguments, {super.early, List<String>? types}) : _types = types;

  factory TimEvent.fromJson(Map<String, Object?> json) => TimEvent(
        '${json['device'] ?? ''}',
        '${json['method']}',
        json['arguments'],
        early: TimArrival._isEarly(json),
      );

  /// What a native library is told: it has no listeners, the plugin's Dart side makes them of that.
  factory TimEvent.posted(String device, String type, Object? said, [Object? heardAs]) =>
      TimEvent(device, 'library', <String, Object?>{'type': type, 'data': said},
          types: heardAs == null ? null : <String>[for (final Object? name in asList(heardAs)) '$name']);

  final List<String>? _types;

  /// The listener, for example `conversationListener`.
  final String method;

  /// What the plugin gets: `{type, data, listenerUuid…}`.
  final Object? arguments;

  /// What happened, for example `onConversationGroupCreated`.
  String get type => '${asMap(arguments)['type']}';

  /// All that the plugin calls of it: [type], and the methods of other listeners, as `onRecvMessageRevokedWithInfo`.
  List<String> get types => _types ?? <String>[type];

  Object? get data => asMap(arguments)['data'];

  @override
  String toString() => '${device == '' ? '' : '$device: '}$method $type $data';
}

/// The reply to a call that was pending: `{device, reply: id of the turn's request, result | error}`.
class TimLateReply extends TimArrival {
  TimLateReply(super.device, this.request, this.result, this.error, {super.early});

  factory TimLateReply.fromJson(Map<String, Object?> json) => TimLateReply(
        '${json['device'] ?? ''}',
        json['reply'],
        json['result'],
        json['error'] == null ? null : TimRpcError.fromJson('${json['method'] ?? ''}', asMap(json['error'])),
        early: TimArrival._isEarly(json),
      );

  final Object? request;
  final Object? result;
  final TimRpcError? error;
}

/// A call and all that it caused.
class TimTurn {
  TimTurn(this.result, this.arrivals, {this.pending});

  /// Reads the result of `bridge.turn`, whose request had the id [request].
  factory TimTurn.fromJson(Object? json, {Object? request}) {
    final Map<String, Object?> map = asMap(json);
    return TimTurn(
      map['result'],
      <TimArrival>[for (final Object? entry in asList(map['events'])) TimArrival.fromJson(asMap(entry))],
      pending: map['pending'] == true ? request : null,
    );
  }

  final Object? result;

  /// In order; those that are [TimArrival.early] belong before the reply.
  final List<TimArrival> arrivals;

  /// The id that a reply will come under later, perhaps, because a fault holds it back; null: [result] is it.
  final Object? pending;
}
