/// Records what a running app and the chat plugin say to each other: see [TimTap].
///
/// Needs nothing but Flutter, so that an app can import it without its tests' packages.
library timbridge_test.tap;

export 'src/recording.dart';
export 'src/redaction.dart';
export 'src/tap.dart';
