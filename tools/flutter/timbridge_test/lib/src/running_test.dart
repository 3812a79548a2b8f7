/// Which test is running, for people who look at the server's worlds.
library timbridge_test.running_test;

import 'dart:async';

/// The name of the test that is running, its groups' included; null where none is, or `package:test` does not tell.
///
/// It is asked for where that package keeps it, in the zone of the test: an import would tie this package to one version of it.
String? runningTest() {
  final dynamic invoker = Zone.current[#test.invoker];
  if (invoker == null) return null;
  try {
    final Object? name = invoker.liveTest.test.name;
    return name is String ? name : null;
  } on NoSuchMethodError {
    return null;
  }
}
