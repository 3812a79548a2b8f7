import 'dart:convert';

import 'bridge.dart';
import 'errors.dart';
import 'message.dart';
import 'rpc.dart';
import 'values.dart';

/// Somebody who acts on the other side: `await chat.user('bob').says('hi', to: 'alice')`.
///
/// Bob has no device that anybody could see: he is never kicked and does not count as online. Each verb
/// completes when the app has been told what it caused. A verb that the service refuses throws a [TimRefusal].
///
/// Here is what people say to each other; `TimSending`, `TimRinging`, `TimMemberships` and `TimFriendships` have the
/// rest.
class TimUser {
  TimUser(this._bridge, this.id);

  final TimBridge _bridge;
  final String id;

  /// The last message that this person sent by one of the verbs; null if there is none.
  TimMessage? last;

  // ------------------------------------------------------------------ saying and reading

  /// Sends a text to one user or to one group. Returns the message as its sender sees it.
  ///
  /// [needsReceipt]: the sender wants to know who reads it.
  Future<TimMessage> says(String text, {String? to, String? group, bool needsReceipt = false}) async {
    final Map<String, Object?> target = where(to, group);
    if (needsReceipt) {
      return sendsCreated('createTextMessage', <String, Object?>{'text': text},
          to: to, group: group, extras: <String, Object?>{'needReadReceipt': true});
    }
    final Map<String, Object?> message = asMap(await _bridge.tell(Rpc.userSay, <String, Object?>{
      'user': id,
      ...target,
      'text': text,
    }));
    _throwIfRefused('sendMessage', message);
    return last = TimMessage(message);
  }

  /// Sends a custom message; [data] is usually JSON. Returns the message as its sender sees it.
  ///
  /// [online]: only to those who are online now, and kept nowhere.
  Future<TimMessage> sends(
    String data, {
    String? to,
    String? group,
    String desc = '',
    String extension = '',
    bool online = false,
  }) =>
      sendsCreated('createCustomMessage', <String, Object?>{'data': data, 'desc': desc, 'extension': extension},
          to: to, group: group, extras: <String, Object?>{'onlineUserOnly': online});

  /// Starts to type, as the vendor's UI kits tell each other.
  Future<void> types({required String to}) => _typing(to, true);

  Future<void> stopsTyping({required String to}) => _typing(to, false);

  /// What stands in this person's chat with [from], or in [group]: the newest first.
  ///
  /// So what the app has sent is had: `(await bob.hears(from: 'alice')).first`.
  Future<List<TimMessage>> hears({String? from, String? group, int count = 20}) async {
    where(from, group);
    final Object? found = await does('getHistoryMessageList', <String, Object?>{
      'getType': _olderFromCloud,
      'count': count,
      if (from != null) 'userID': from,
      if (group != null) 'groupID': group,
    });
    return <TimMessage>[for (final Object? one in asList(found)) TimMessage(asMap(one))];
  }

  /// Reads everything that [from] wrote, or everything in [group].
  ///
  /// [receipts]: and tells the senders of those messages that ask for it, as an app does that shows who has read what.
  Future<void> reads({String? from, String? group, bool receipts = false}) async {
    final bool isUser = where(from, group).containsKey('to');
    if (receipts) {
      final List<String> asked = <String>[
        for (final TimMessage message in await hears(from: from, group: group))
          if (message.needsReceipt && message.sender != id) message.msgID,
      ];
      if (asked.isNotEmpty) {
        await does('sendMessageReadReceipts', <String, Object?>{'messageIDList': asked});
      }
    }
    if (isUser) {
      await does('markC2CMessageAsRead', <String, Object?>{'userID': from});
    } else {
      await does('markGroupMessageAsRead', <String, Object?>{'groupID': group});
    }
  }

  // ------------------------------------------------------------------ messages that are there

  /// Takes back [message]: a [TimMessage], the plugin's map, an id, or by default the [last] one.
  Future<void> revokes([Object? message]) =>
      does('revokeMessage', <String, Object?>{'msgID': TimMessage.idOf(message ?? _required)});

  /// Reacts to [message], for example with `'👍'`.
  Future<void> reacts(Object message, String reaction) => does('addMessageReaction', <String, Object?>{
        'msgID': TimMessage.idOf(message),
        'reactionID': reaction,
      });

  /// Takes a reaction back.
  Future<void> unreacts(Object message, String reaction) => does('removeMessageReaction', <String, Object?>{
        'msgID': TimMessage.idOf(message),
        'reactionID': reaction,
      });

  // ------------------------------------------------------------------ anything

  /// Changes the name that others see.
  Future<void> renames(String name) => does('setSelfInfo', <String, Object?>{'nickName': name});

  /// Makes any channel call as this person. Returns what their plugin would get; does not throw on a code.
  Future<Object?> calls(String method, [Map<String, Object?> arguments = const <String, Object?>{}]) =>
      _bridge.tell(Rpc.userCall, <String, Object?>{'user': id, 'method': method, 'arguments': arguments});

  /// As [calls], but returns the `data` of the reply, and throws a [TimRefusal] for a code other than 0.
  Future<Object?> does(String method, [Map<String, Object?> arguments = const <String, Object?>{}]) async {
    final Map<String, Object?> reply = asMap(await calls(method, arguments));
    _throwIfRefused(method, reply);
    return reply['data'];
  }

  // ------------------------------------------------------------------ for the other verbs

  /// Makes a message by a `create…Message` call, and sends it with [extras] beside the plugin's arguments of
  /// `sendMessage`.
  Future<TimMessage> sendsCreated(
    String create,
    Map<String, Object?> arguments, {
    String? to,
    String? group,
    Map<String, Object?> extras = const <String, Object?>{},
  }) async {
    where(to, group);
    final Map<String, Object?> created = asMap(await does(create, arguments));
    final Object? sent = await does('sendMessage', <String, Object?>{
      'id': created['id'],
      'receiver': to ?? '',
      'groupID': group ?? '',
      ...extras,
    });
    return last = TimMessage(asMap(sent));
  }

  /// Checks that a verb has one of a user and a group, and returns it as `bridge.user.say` wants it.
  Map<String, Object?> where(String? to, String? group) {
    if ((to == null) == (group == null)) throw ArgumentError('name either a user or a group');
    return to != null ? <String, Object?>{'to': to} : <String, Object?>{'group': group};
  }

  /// What somebody asks the bridge itself about this person.
  Object? asks(String method) => _bridge.ask(method, <String, Object?>{'user': id});

  Future<void> _typing(String to, bool started) async {
    final TimMessage? before = last;
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

  TimMessage get _required => last ?? (throw StateError('$id has not sent anything yet'));

  void _throwIfRefused(String method, Map<String, Object?> reply) {
    final Object? code = reply['code'];
    if (code is int && code != 0) throw TimRefusal(id, method, code, '${reply['desc'] ?? ''}');
  }

  static const int _olderFromCloud = 1;
}
