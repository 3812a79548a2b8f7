import 'dart:collection';

import 'values.dart';

/// A message as the service keeps it, in the view of the person who sent or got it.
///
/// It is the plugin's own map, too: what has no getter here is had by its key, as `message['customElem']`.
class TimMessage extends UnmodifiableMapView<String, Object?> {
  TimMessage(super.source);

  /// The id by which everybody knows the message.
  String get msgID => '${this['msgID'] ?? ''}';

  /// Who sent it.
  String get sender => '${this['sender'] ?? ''}';

  /// The other user of the chat; null in a group.
  String? get userID => this['userID'] as String?;

  /// The group it is in; null between two users.
  String? get groupID => this['groupID'] as String?;

  /// What a text message says; null for other kinds.
  String? get text => asMap(this['textElem'])['text'] as String?;

  /// What a custom message carries; null for other kinds.
  String? get customData => asMap(this['customElem'])['data'] as String?;

  /// When the service took it.
  DateTime get sentAt => DateTime.fromMillisecondsSinceEpoch((this['timestamp'] as int? ?? 0) * 1000, isUtc: true);

  /// Whether its sender wants to know who has read it.
  bool get needsReceipt => this['needReadReceipt'] == true;

  /// The id of what a verb is given as a message: a [TimMessage], the plugin's map of one, or an id.
  static String idOf(Object message) => message is String ? message : '${asMap(message)['msgID']}';
}
