"""Counts the words of every object of the bucket `words`, into the bucket `out`."""

import os

import boto3

# Older releases of boto3 do not look at AWS_ENDPOINT_URL by themselves.
s3 = boto3.client("s3", endpoint_url=os.environ["S3_ENDPOINT"])

for page in s3.get_paginator("list_objects_v2").paginate(Bucket="words"):
    for found in page.get("Contents", []):
        text = s3.get_object(Bucket="words", Key=found["Key"])["Body"].read()
        count = str(len(text.split())) + "\n"
        s3.put_object(Bucket="out", Key=found["Key"] + ".count", Body=count.encode())
