#!/usr/bin/env python3
"""vitest_failures.py REPORT.json: a line for each failed test of vitest's JSON report, and what it said below."""
import json
import sys

SAID = 600  # characters of a message; the whole stands in the report

with open(sys.argv[1], encoding="utf-8") as file:
    report = json.load(file)
for suite in report["testResults"]:
    name = suite["name"].rpartition("/src/")[2]
    failed = [test for test in suite["assertionResults"] if test["status"] == "failed"]
    if suite["status"] == "failed" and not failed:
        print(f"{name}: {suite.get('message', '')[:SAID]}")
    for test in failed:
        print(f"{name}: {test['fullName']}\n    " + "\n".join(test["failureMessages"])[:SAID].replace("\n", "\n    "))
