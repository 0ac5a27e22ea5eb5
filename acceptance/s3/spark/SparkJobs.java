import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/// One job of Spark on a bucket, through Hadoop's S3A: `parquet COMMITTER TABLE`, `create TABLE`,
/// `append TABLE`, `check TABLE`; the last three are of Delta Lake. The endpoint and the key stand
/// in the environment. Prints what it read.
public class SparkJobs {
  public static void main(String[] arguments) throws Exception {
    String committer = arguments[0].equals("parquet") ? arguments[1] : "file";
    String table = arguments[arguments.length - 1];
    try (SparkSession spark = session(committer)) {
      switch (arguments[0]) {
        case "parquet" -> {
          numbers(spark, 0, 1000).write().mode(SaveMode.Overwrite).partitionBy("k").parquet(table);
          print(spark.read().parquet(table));
        }
        case "create" -> numbers(spark, 0, 1000).write().format("delta").save(table);
        case "append" ->
            numbers(spark, 1000, 1500).write().format("delta").mode(SaveMode.Append).save(table);
        case "check" -> {
          print(spark.read().format("delta").load(table));
          print(spark.read().format("delta").option("versionAsOf", 0).load(table));
        }
        default -> throw new IllegalArgumentException(arguments[0]);
      }
    }
  }

  private static SparkSession session(String committer) {
    SparkSession.Builder builder =
        SparkSession.builder()
            .appName("nightly")
            .master("local[2]")
            .config("spark.ui.enabled", false)
            .config("spark.sql.shuffle.partitions", 2)
            .config("spark.hadoop.fs.s3a.endpoint", System.getenv("S3_ENDPOINT"))
            .config("spark.hadoop.fs.s3a.endpoint.region", "us-east-1")
            .config("spark.hadoop.fs.s3a.path.style.access", true)
            .config("spark.hadoop.fs.s3a.access.key", System.getenv("AWS_ACCESS_KEY_ID"))
            .config("spark.hadoop.fs.s3a.secret.key", System.getenv("AWS_SECRET_ACCESS_KEY"))
            .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
            .config(
                "spark.sql.catalog.spark_catalog",
                "org.apache.spark.sql.delta.catalog.DeltaCatalog");
    if (!committer.equals("file")) {
      String cloud = "org.apache.spark.internal.io.cloud.";
      builder
          .config("spark.hadoop.fs.s3a.committer.name", committer)
          .config("spark.hadoop.fs.s3a.committer.magic.enabled", true)
          .config("spark.hadoop.fs.s3a.committer.staging.conflict-mode", "replace")
          .config(
              "spark.hadoop.mapreduce.outputcommitter.factory.scheme.s3a",
              "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory")
          .config("spark.sql.sources.commitProtocolClass", cloud + "PathOutputCommitProtocol")
          .config(
              "spark.sql.parquet.output.committer.class", cloud + "BindingParquetOutputCommitter");
    }
    return builder.getOrCreate();
  }

  private static Dataset<Row> numbers(SparkSession spark, long from, long to) {
    return spark.range(from, to, 1, 3).selectExpr("id", "id % 4 AS k", "concat('x', id) AS t");
  }

  private static void print(Dataset<Row> rows) {
    Row row = rows.selectExpr("count(*)", "sum(id)", "count(distinct k)").first();
    System.out.println("READ " + List.of(row.get(0), row.get(1), row.get(2)));
  }
}
