import 'dart:convert';

import 'bridge.dart';
import 'errors.dart';
import 'rpc.dart';
import 'values.dart';

/// Somebody who acts on the other side: `await chat.user('bob').says('hi', to: 'alice')`.
///
/// Bob has no device that anybody could see: he is never kicked and does not count as online. Each verb
/// completes when the app has been told what it caused. A verb that the service refuses throws a [TimRefusal].
class TimUser {
  TimUser(this._bridge, this.id);

  final TimBridge _bridge;
  final String id;

  /// The last message that this person sent by one of the verbs here; null if there is none.
  Map<String, Object?>? last;

  /// Sends a text to one user or to one group. Returns the message as its sender sees it.
  Future<Map<String, Object?>> says(String text, {String? to, String? group}) async {
    final Map<String, Object?> message = asMap(await _bridge.tell(Rpc.userSay, <String, Object?>{
      'user': id,
      ..._target(to, group),
      'text': text,
    }));
    _throwIfRefused('sendMessage', message);
    return last = message;
  }

  /// Sends a custom message; [data] is usually JSON. Returns the message as its sender sees it.
  ///
  /// [online]: only to those who are online now, and kept nowhere.
  Future<Map<String, Object?>> sends(String data, {String? to, String? group, bool online = false}) async {
    _target(to, group);
    final Map<String, Object?> created =
        asMap(await _do('createCustomMessage', <String, Object?>{'data': data, 'desc': '', 'extension': ''}));
    final Map<String, Object?> message = asMap(await _do('sendMessage', <String, Object?>{
      'id': created['id'],
      'receiver': to ?? '',
      'groupID': group ?? '',
      'onlineUserOnly': online,
    }));
    return last = message;
  }

  /// Starts to type, as the vendor's UI kits tell each other.
  Future<void> types({required String to}) => _typing(to, true);

  Future<void> stopsTyping({required String to}) => _typing(to, false);

  /// Reads everything that [from] wrote, or everything in [group].
  Future<void> reads({String? from, String? group}) async {
    if (_target(from, group).containsKey('to')) {
      await _do('markC2CMessageAsRead', <String, Object?>{'userID': from});
    } else {
      await _do('markGroupMessageAsRead', <String, Object?>{'groupID': group});
    }
  }

  /// Takes back [message]: a message map, an id, or by default the [last] one.
  Future<void> revokes([Object? message]) => _do('revokeMessage', <String, Object?>{'msgID': _messageID(message)});

  /// Reacts to [message], a message map or an id, for example with `'👍'`.
  Future<void> reacts(Object message, String reaction) => _do('addMessageReaction', <String, Object?>{
        'msgID': _messageID(message),
        'reactionID': reaction,
      });

  /// Creates a group and returns its id.
  ///
  /// Anybody may join; without [open] it is up to the [type], and in a public group its owner has to agree first.
  Future<String> creates({
    String? group,
    String type = 'Public',
    String? name,
    List<String> members = const <String>[],
    bool open = true,
  }) async {
    final Object? created = await _do('createGroup', <String, Object?>{
      'groupID': group,
      'groupType': type,
      'groupName': name ?? group ?? 'a group of $id',
      if (open) 'addOpt': _anybody,
      'memberList': <Object?>[
        for (final String member in members) <String, Object?>{'userID': member, 'role': _plainMember},
      ],
    });
    return '$created';
  }

  Future<void> joins(String group, {String message = ''}) =>
      _do('joinGroup', <String, Object?>{'groupID': group, 'message': message});

  Future<void> leaves(String group) => _do('quitGroup', <String, Object?>{'groupID': group});

  /// Invites [users] into a group; a public one takes no invitations, one of the type `Work` does.
  Future<void> invites(List<String> users, {required String to}) =>
      _do('inviteUserToGroup', <String, Object?>{'groupID': to, 'userList': users});

  Future<void> deletesGroup(String group) => _do('dismissGroup', <String, Object?>{'groupID': group});

  /// Asks [user] for friendship, in both directions; whether they must agree is up to their profile.
  Future<void> befriends(String user, {String wording = ''}) => _do('addFriend', <String, Object?>{
        'userID': user,
        'addWording': wording,
        'addType': _bothWays,
      });

  /// Changes the name that others see.
  Future<void> renames(String name) => _do('setSelfInfo', <String, Object?>{'nickName': name});

  /// Makes any channel call as this person. Returns what their plugin would get; does not throw on a code.
  Future<Object?> calls(String method, [Map<String, Object?> arguments = const <String, Object?>{}]) =>
      _bridge.tell(Rpc.userCall, <String, Object?>{'user': id, 'method': method, 'arguments': arguments});

  Future<void> _typing(String to, bool started) async {
    final Map<String, Object?>? before = last;
    await sends(
      jsonEncode(<String, Object?>{
        'businessID': 'user_typing_status',
        'typingStatus': started ? 1 : 0,
        'userAction': 14,
        'version': 0,
        'actionParam': started ? 'EIMAMSG_InputStatus_Ing' : 'EIMAMSG_InputStatus_End',
      }),
      to: to,
      online: true,
    );
    last = before;
  }

  Future<Object?> _do(String method, Map<String, Object?> arguments) async {
    final Map<String, Object?> reply = asMap(await calls(method, arguments));
    _throwIfRefused(method, reply);
    return reply['data'];
  }

  void _throwIfRefused(String method, Map<String, Object?> reply) {
    final Object? code = reply['code'];
    if (code is int && code != 0) throw TimRefusal(id, method, code, '${reply['desc'] ?? ''}');
  }

  static Map<String, Object?> _target(String? to, String? group) {
    if ((to == null) == (group == null)) throw ArgumentError('name either a user or a group');
    return to != null ? <String, Object?>{'to': to} : <String, Object?>{'group': group};
  }

  String _messageID(Object? message) {
    final Object? found = message ?? last;
    if (found == null) throw StateError('$id has not sent anything yet');
    return found is String ? found : '${asMap(found)['msgID']}';
  }

  static const int _plainMember = 200;
  static const int _anybody = 2;
  static const int _bothWays = 2;
}
