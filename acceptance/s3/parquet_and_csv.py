"""DuckDB, with its extension for S3: Parquet in one file and in parts, CSV, read back."""

import os
import sys

import duckdb
import duckdb_extensions

source, target = sys.argv[1:3]
con = duckdb.connect()
duckdb_extensions.import_extension("httpfs")
con.execute("LOAD httpfs")
con.execute(
    "CREATE SECRET (TYPE s3, KEY_ID '%s', SECRET '%s', ENDPOINT '%s', REGION 'us-east-1', URL_STYLE 'path', USE_SSL false)"
    % (os.environ["AWS_ACCESS_KEY_ID"], os.environ["AWS_SECRET_ACCESS_KEY"], os.environ["S3_ENDPOINT"].removeprefix("http://"))
)
con.execute(f"COPY (SELECT a, a % 7 AS k, 'x' || a AS t FROM read_csv('{source}/*.csv')) TO '{target}/all.parquet'")
con.execute(f"COPY (FROM '{target}/all.parquet') TO '{target}/parts' (FORMAT parquet, PARTITION_BY (k))")
parts = con.execute(
    f"SELECT k, count(*), sum(a) FROM read_parquet('{target}/parts/*/*.parquet', hive_partitioning = true) GROUP BY k ORDER BY k"
).fetchall()
whole = con.execute(f"SELECT k, count(*), sum(a) FROM '{target}/all.parquet' GROUP BY k ORDER BY k").fetchall()
assert parts == whole and len(whole) == 7, (parts, whole)
con.execute(f"COPY (SELECT count(*) AS n, sum(a) AS s, max(t) AS t FROM '{target}/all.parquet') TO '{target}/sums.csv' (HEADER false)")
