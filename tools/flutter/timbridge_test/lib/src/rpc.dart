/// The names that the bridge answers to: every one this package uses, and no others.
///
/// The project's own tests read this file and check that the server knows each name.
library timbridge_test.rpc;

/// Method names of the control plane.
abstract class Rpc {
  // The connection.
  static const String ping = 'bridge.ping';
  static const String turn = 'bridge.turn';
  static const String authenticate = 'bridge.authenticate';

  // Worlds.
  static const String worldUse = 'bridge.world.use';
  static const String worldDrop = 'bridge.world.drop';
  static const String worldReset = 'bridge.world.reset';
  static const String worldLoad = 'bridge.world.load';
  static const String worldExport = 'bridge.world.export';
  static const String worldCheckpoint = 'bridge.world.checkpoint';
  static const String worldRollback = 'bridge.world.rollback';
  static const String worldsHold = 'bridge.worlds.hold';
  static const String libraryLook = 'bridge.library.look';
  static const String libraryUse = 'bridge.library.use';

  // Other people and other devices.
  static const String userSay = 'bridge.user.say';
  static const String userCall = 'bridge.user.call';
  static const String userInvitations = 'bridge.user.invitations';
  static const String deviceOpen = 'bridge.device.open';
  static const String deviceUse = 'bridge.device.use';
  static const String deviceClose = 'bridge.device.close';

  // Time.
  static const String clockNow = 'bridge.clock.now';
  static const String clockSet = 'bridge.clock.set';
  static const String clockAdvance = 'bridge.clock.advance';

  // Trouble.
  static const String faultSet = 'bridge.fault.set';
  static const String faultList = 'bridge.fault.list';
  static const String faultClear = 'bridge.fault.clear';

  // What happens by itself.
  static const String kick = 'bridge.service.kick';
  static const String expireUserSig = 'bridge.service.expireUserSig';
  static const String connectionLost = 'bridge.service.connectionLost';
  static const String connectionRestored = 'bridge.service.connectionRestored';
  static const String consoleSwitch = 'bridge.service.switch';

  // Other orders of the same.
  static const String scheduleUse = 'bridge.schedule.use';
  static const String scheduleSeen = 'bridge.schedule.seen';

  // What happened.
  static const String journalList = 'bridge.journal.list';
  static const String journalClear = 'bridge.journal.clear';
  static const String journalExpect = 'bridge.journal.expect';
  static const String coverage = 'bridge.coverage';
}

/// JSON-RPC error codes that the bridge answers with.
abstract class RpcCode {
  /// A well-formed call that the real plugin never answers or dies of.
  static const int unanswered = -32001;

  /// An unknown device, checkpoint or world.
  static const int unknownTarget = -32000;
  static const int invalidRequest = -32600;

  /// Unknown to the dialect, or missing on the platform.
  static const int unknownMethod = -32601;
  static const int invalidArguments = -32602;
  static const int internal = -32603;
}

/// Names and keys of the plugin's channels that this package has to know.
abstract class Wire {
  /// The channel of each generation of the plugin, the newer one first.
  static const List<String> channels = <String>[
    'tencent_cloud_chat_sdk',
    'tencent_im_sdk_plugin',
  ];

  /// The log line that the 8.x client sends about a second after nearly every call.
  static const String trace = 'uikitTrace';

  /// What the generation with a native library still asks the channel for, on its way to start the library, and the
  /// answers.
  static const Map<String, Object?> left = <String, Object?>{
    'getNetworkInfo': <String, Object?>{
      'networkType': 1,
      'ipType': 1,
      'networkId': '',
      'wifiNetworkHandle': 0,
      'xgNetworkHandle': 0,
      'networkConnected': true,
      'initializeCostTime': 0,
    },
    'getDeviceInfo': <String, Object?>{'deviceType': '', 'deviceBrand': '', 'systemVersion': ''},
    'getMainThreadLooperPointer': <String, Object?>{'mainThreadLooperPointer': 0},
  };
}
