"""Adds up the test reports of all modules, or of the classes whose names end as told; in CI a skipped test is a failure."""

import glob
import os
import sys
import xml.etree.ElementTree as xml

ending = sys.argv[1] if len(sys.argv) > 1 else ""
passed = failed = skipped = 0
for report in glob.glob(f"*/target/surefire-reports/TEST-*{ending}.xml"):
    suite = xml.parse(report).getroot()
    bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    left = int(suite.get("skipped", 0))
    failed += bad
    skipped += left
    passed += int(suite.get("tests", 0)) - bad - left
print(f"{passed} passed, {failed} failed, {skipped} skipped")
if passed == 0 or failed or (skipped and os.environ.get("CI")):
    sys.exit(1)
