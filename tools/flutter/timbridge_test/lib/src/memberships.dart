import 'story.dart';
import 'values.dart';

/// What people do in and to groups.
extension TimMemberships on TimUser {
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
    final Object? created = await does('createGroup', <String, Object?>{
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

  /// Joins [group], or asks to be let in, with a [message] for those who decide.
  Future<void> joins(String group, {String message = ''}) =>
      does('joinGroup', <String, Object?>{'groupID': group, 'message': message});

  Future<void> leaves(String group) => does('quitGroup', <String, Object?>{'groupID': group});

  /// Invites [users] into a group; a public one takes no invitations, one of the type `Work` does.
  Future<void> invites(List<String> users, {required String to}) =>
      does('inviteUserToGroup', <String, Object?>{'groupID': to, 'userList': users});

  /// Lets [user] in, who has asked to join [group].
  Future<void> admits(String user, {required String group}) => _decides('acceptGroupApplication', user, group);

  /// Does not let [user] in, who has asked to join [group].
  Future<void> turnsAway(String user, {required String group}) => _decides('refuseGroupApplication', user, group);

  Future<void> kicks(String user, {required String group, String reason = ''}) =>
      does('kickGroupMember', <String, Object?>{
        'groupID': group,
        'memberList': <String>[user],
        'reason': reason,
      });

  /// Makes [user] an administrator of [group].
  Future<void> promotes(String user, {required String group}) => _ranks(user, group, _administrator);

  /// Makes [user] a plain member of [group] again.
  Future<void> demotes(String user, {required String group}) => _ranks(user, group, _plainMember);

  /// Makes [user] the owner of [group].
  Future<void> handsOver(String group, {required String to}) =>
      does('transferGroupOwner', <String, Object?>{'groupID': group, 'userID': to});

  /// Lets [user] say nothing in [group] for [duration] of the bridge's clock.
  Future<void> mutes(String user, {required String group, Duration duration = const Duration(hours: 1)}) =>
      does('muteGroupMember', <String, Object?>{
        'groupID': group,
        'userID': user,
        'seconds': duration.inSeconds,
      });

  Future<void> unmutes(String user, {required String group}) => mutes(user, group: group, duration: Duration.zero);

  /// Lets nobody but those who run it say anything in [group]; [muted] false ends that.
  Future<void> mutesAll(String group, {bool muted = true}) => _changes(group, <String, Object?>{'isAllMuted': muted});

  /// Gives [group] another name.
  Future<void> renamesGroup(String group, String name) => _changes(group, <String, Object?>{'groupName': name});

  Future<void> deletesGroup(String group) => does('dismissGroup', <String, Object?>{'groupID': group});

  Future<void> _ranks(String user, String group, int role) =>
      does('setGroupMemberRole', <String, Object?>{'groupID': group, 'userID': user, 'role': role});

  Future<void> _changes(String group, Map<String, Object?> what) async {
    final List<Object?> found =
        asList(await does('getGroupsInfo', <String, Object?>{'groupIDList': <String>[group]}));
    final Map<String, Object?> info = found.isEmpty ? <String, Object?>{} : asMap(asMap(found.first)['groupInfo']);
    await does('setGroupInfo', <String, Object?>{'groupID': group, 'groupType': info['groupType'] ?? '', ...what});
  }

  Future<void> _decides(String method, String user, String group) async {
    final Map<String, Object?> listed = asMap(await does('getGroupApplicationList'));
    final Map<String, Object?> asked = asList(listed['groupApplicationList'])
        .map(asMap)
        .lastWhere((Map<String, Object?> one) => one['fromUser'] == user && one['groupID'] == group,
            orElse: () => throw StateError('$user has not asked $id to be let into $group'));
    await does(method, <String, Object?>{
      'groupID': group,
      'reason': '',
      'fromUser': user,
      'toUser': asked['toUser'] ?? '',
      'addTime': asked['addTime'],
      'type': asked['type'],
    });
  }

  static const int _plainMember = 200;
  static const int _administrator = 300;
  static const int _anybody = 2;
}
