import 'errors.dart';
import 'rpc.dart';
import 'story.dart';
import 'values.dart';

/// A call that rings: an invitation of the plugin's signaling.
class TimRing {
  TimRing(this.inviteID, {this.inviter = '', this.invitees = const <String>[], this.group = '', this.data = ''});

  factory TimRing.fromJson(Map<String, Object?> json) => TimRing(
        '${json['inviteID']}',
        inviter: '${json['inviter']}',
        invitees: <String>[for (final Object? one in asList(json['inviteeList'])) '$one'],
        group: '${json['groupID'] ?? ''}',
        data: '${json['data'] ?? ''}',
      );

  final String inviteID;

  /// Who rings.
  final String inviter;

  /// Whose answer is awaited.
  final List<String> invitees;

  /// The group it is for; `''` between two users.
  final String group;

  /// What the inviter's app put there.
  final String data;

  @override
  String toString() => 'ring $inviteID of $inviter for ${invitees.join(', ')}';
}

/// Calls between people: who rings, who answers.
extension TimRinging on TimUser {
  /// Rings one user. It runs out after [timeout] of the bridge's clock, see `TimTime.pump` and `TimTime.advance`.
  ///
  /// [data] is for the apps alone, usually JSON. [online]: only for those who are online now, and kept nowhere.
  Future<TimRing> rings(
    String user, {
    String data = '',
    Duration timeout = const Duration(seconds: 30),
    bool online = false,
  }) async {
    final Object? inviteID = await does('invite', <String, Object?>{
      'invitee': user,
      'data': data,
      'timeout': timeout.inSeconds,
      'onlineUserOnly': online,
    });
    return TimRing('$inviteID', inviter: id, invitees: <String>[user], data: data);
  }

  /// Rings [users] in a group that they and this person are in.
  Future<TimRing> ringsInGroup(
    List<String> users, {
    required String group,
    String data = '',
    Duration timeout = const Duration(seconds: 30),
    bool online = false,
  }) async {
    final Object? inviteID = await does('inviteInGroup', <String, Object?>{
      'groupID': group,
      'inviteeList': users,
      'data': data,
      'timeout': timeout.inSeconds,
      'onlineUserOnly': online,
    });
    return TimRing('$inviteID', inviter: id, invitees: users, group: group, data: data);
  }

  /// What rings now, from this person or for them: the oldest first.
  List<TimRing> get ringing => <TimRing>[
        for (final Object? one in asList(asMap(asks(Rpc.userInvitations))['invitations'])) TimRing.fromJson(asMap(one)),
      ];

  /// Takes a call: [ring], or by default the last that rings for this person.
  Future<void> accepts({TimRing? ring, String data = ''}) async => _answers('accept', ring ?? _incoming, data);

  /// Refuses a call: [ring], or by default the last that rings for this person.
  Future<void> declines({TimRing? ring, String data = ''}) async => _answers('reject', ring ?? _incoming, data);

  /// Stops ringing: [ring], or by default the last that this person began.
  Future<void> cancels({TimRing? ring, String data = ''}) async => _answers('cancel', ring ?? _outgoing, data);

  Future<void> _answers(String method, TimRing ring, String data) =>
      does(method, <String, Object?>{'inviteID': ring.inviteID, 'data': data});

  TimRing get _incoming => _last((TimRing ring) => ring.invitees.contains(id), 'nothing rings for $id');

  TimRing get _outgoing => _last((TimRing ring) => ring.inviter == id, '$id rings nobody');

  TimRing _last(bool Function(TimRing ring) isMeant, String otherwise) {
    final List<TimRing> found = ringing.where(isMeant).toList();
    return found.isEmpty ? throw TimBridgeException('$otherwise.') : found.last;
  }
}
