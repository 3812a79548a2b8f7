/// Tests Flutter apps that use Tencent Cloud Chat's plugin, without the service: see [TimBridge].
library timbridge_test;

export 'src/bridge.dart';
export 'src/connection.dart' show TimConnection;
export 'src/control.dart';
export 'src/device.dart';
export 'src/errors.dart';
export 'src/expectations.dart';
export 'src/friendships.dart';
export 'src/happenings.dart';
export 'src/memberships.dart';
export 'src/message.dart';
export 'src/ringing.dart';
export 'src/schedule.dart';
export 'src/sending.dart';
export 'src/server.dart';
export 'src/story.dart';
export 'src/switches.dart';
export 'src/time.dart';
export 'src/turn.dart' show TimEvent;
export 'tap.dart';
