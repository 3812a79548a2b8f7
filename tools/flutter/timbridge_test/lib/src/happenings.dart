import 'bridge.dart';
import 'device.dart';
import 'rpc.dart';
import 'switches.dart';
import 'values.dart';

/// What the service and the network do by themselves.
///
/// They happen to the device that the app under test runs on; `TimDevice` has the same for another.
extension TimHappenings on TimBridge {
  /// The app's user is thrown out, as by a login elsewhere: onKickedOffline.
  Future<void> kick() => happens(Rpc.kick, appDevice);

  /// The app's UserSig runs out now: onUserSigExpired.
  Future<void> expireUserSig() => happens(Rpc.expireUserSig, appDevice);

  /// The app's network goes away: calls that need the service fail with 9508, and nothing is heard, until [regain].
  Future<void> loseNetwork() => happens(Rpc.connectionLost, appDevice);

  /// The app's network comes back, and with it what was missed.
  Future<void> regain() => happens(Rpc.connectionRestored, appDevice);

  /// The former name of [loseNetwork].
  @Deprecated('Use loseNetwork')
  Future<void> offline() => loseNetwork();

  /// The former name of [regain].
  @Deprecated('Use regain')
  Future<void> online() => regain();

  /// Sets a switch of the service's console, until the world is reset; null: back to its default.
  ///
  /// ```dart
  /// chat.consoleSwitch(TimSwitch.revokeWindowS, 300);
  /// ```
  void consoleSwitch(TimSwitch name, Object? value) =>
      ask(Rpc.consoleSwitch, <String, Object?>{'name': name.key, 'value': value});

  /// The switches that are set, and to what.
  Map<TimSwitch, Object?> get consoleSwitches {
    final Map<String, Object?> set = asMap(asMap(ask(Rpc.consoleSwitch))['switches']);
    return <TimSwitch, Object?>{
      for (final TimSwitch one in TimSwitch.values)
        if (set.containsKey(one.key)) one: set[one.key],
    };
  }

  /// Lets something of `bridge.service.*` happen to a device of that name.
  Future<void> happens(String method, String device) => tell(method, <String, Object?>{'device': device});
}

/// The same for a device beside the app's.
extension TimDeviceHappenings on TimDevice {
  /// The user of this device is thrown out, as by a login elsewhere: onKickedOffline.
  Future<void> kick() => bridge.happens(Rpc.kick, name);

  /// The UserSig of this device runs out now: onUserSigExpired.
  Future<void> expireUserSig() => bridge.happens(Rpc.expireUserSig, name);

  /// The network of this device goes away.
  Future<void> loseNetwork() => bridge.happens(Rpc.connectionLost, name);

  /// The network of this device comes back, and with it what was missed.
  Future<void> regain() => bridge.happens(Rpc.connectionRestored, name);
}
