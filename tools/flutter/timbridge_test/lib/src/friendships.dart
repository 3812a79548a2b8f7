import 'errors.dart';
import 'story.dart';
import 'values.dart';

/// What people are to each other.
extension TimFriendships on TimUser {
  /// Asks [user] for friendship, in both directions; whether they must agree is up to their profile.
  Future<void> adds(String user, {String wording = '', String remark = ''}) => _does('addFriend', <String, Object?>{
        'userID': user,
        'remark': remark,
        'addWording': wording,
        'addType': _bothWays,
      });

  /// The former name of [adds].
  @Deprecated('Use adds')
  Future<void> befriends(String user, {String wording = ''}) => adds(user, wording: wording);

  /// Says yes to [user], who has asked for friendship.
  Future<void> acceptsFriend(String user) => _does('acceptFriendApplication', <String, Object?>{
        'userID': user,
        'responseType': _agreeAndAdd,
        'type': _incoming,
      });

  /// Says no to [user], who has asked for friendship.
  Future<void> declinesFriend(String user) =>
      _does('refuseFriendApplication', <String, Object?>{'userID': user, 'type': _incoming});

  /// Is a friend of [user] no more, in both directions.
  Future<void> unfriends(String user) => _does('deleteFromFriendList', <String, Object?>{
        'userIDList': <String>[user],
        'deleteType': _bothWays,
      });

  /// From now on every friendship with this person [must] be agreed to first; or not any more.
  Future<void> wantsToBeAsked({bool must = true}) =>
      does('setSelfInfo', <String, Object?>{'allowType': must ? _needConfirm : _allowAny});

  Future<void> blocks(String user) => _does('addToBlackList', <String, Object?>{
        'userIDList': <String>[user],
      });

  Future<void> unblocks(String user) => _does('deleteFromBlackList', <String, Object?>{
        'userIDList': <String>[user],
      });

  /// What is refused stands beside each user, and not in the code of the whole.
  Future<void> _does(String method, Map<String, Object?> arguments) async {
    final Object? data = await does(method, arguments);
    for (final Object? item in data is List ? data : <Object?>[data]) {
      final Object? code = asMap(item)['resultCode'];
      if (code is! int || code == 0 || code == _mustAgree) continue;
      throw TimRefusal(id, method, code, '${asMap(item)['resultInfo'] ?? ''}');
    }
  }

  /// The other one is asked, as they wish to be: no refusal.
  static const int _mustAgree = 30539;
  static const int _bothWays = 2;
  static const int _agreeAndAdd = 1;
  static const int _incoming = 1;
  static const int _allowAny = 0;
  static const int _needConfirm = 1;
}
