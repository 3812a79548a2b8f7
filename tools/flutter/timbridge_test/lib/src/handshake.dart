import 'connection.dart';
import 'errors.dart';
import 'rpc.dart';
import 'values.dart';

/// What a bridge and this package agree on when they meet.
class Handshake {
  Handshake._(this.version, this.channels, this.hasRealClock);

  /// The version of the bridge.
  final String version;

  /// The plugin's channel that each dialect is spoken on.
  final Map<String, String> channels;

  /// Whether the bridge's clock follows the wall.
  final bool hasRealClock;

  /// Meets who listens there, within [patience]. Throws a [TimBridgeException] that says who it is if it is no bridge
  /// of ours.
  factory Handshake.meet(TimConnection connection, String? token) {
    final String address = connection.address;
    try {
      if (token != null) {
        connection.request(Rpc.authenticate, <String, Object?>{'token': token}, patience);
      }
      return Handshake._of(connection, asMap(connection.request(Rpc.ping, const <String, Object?>{}, patience)));
    } on TimRpcError catch (error) {
      if (!error.message.contains('token')) {
        throw TimBridgeException('the bridge on $address does not answer bridge.ping: ${error.message}.');
      }
      throw TimBridgeException(token == null
          ? 'the bridge on $address asks for its token: give it by TIMBRIDGE_TOKEN, '
              '`--dart-define=TIMBRIDGE_TOKEN=…` or `token:`.'
          : 'the bridge on $address does not take this token: it is the one that `timbridge serve --token` was given.');
    }
  }

  factory Handshake._of(TimConnection connection, Map<String, Object?> answer) {
    final Map<String, Object?> limits = asMap(answer['limits']);
    if (limits.isEmpty) {
      throw TimBridgeException('the bridge on ${connection.address} is older than this package'
          '${answer['version'] == null ? '' : ' (version ${answer['version']})'}: '
          'update it, for example by `pip install -U timbridge`.');
    }
    connection.mostBytes = limits['messageBytes'] as int?;
    final Map<String, Object?> dialects = asMap(answer['dialects']);
    return Handshake._(
      '${answer['version']}',
      <String, String>{for (final String name in dialects.keys) name: '${asMap(dialects[name])['channel']}'},
      answer['clock'] == 'real',
    );
  }

  /// How long a stranger may take to say who they are.
  static const Duration patience = Duration(seconds: 5);
}
