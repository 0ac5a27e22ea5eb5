package dev.dassie;

import dev.dassie.content.OpenChunks;
import dev.dassie.content.OutsideReader;
import dev.dassie.content.Packs;
import dev.dassie.job.Executor;
import dev.dassie.job.Jobs;
import dev.dassie.job.Outlet;
import dev.dassie.job.PipelineRecipes;
import dev.dassie.job.Previews;
import dev.dassie.job.Queue;
import dev.dassie.job.Reruns;
import dev.dassie.job.Results;
import dev.dassie.job.Scheduler;
import dev.dassie.job.Trials;
import dev.dassie.job.bucket.Grants;
import dev.dassie.job.standing.Host;
import dev.dassie.job.standing.Pace;
import dev.dassie.job.standing.Standing;
import dev.dassie.lineage.Lineage;
import dev.dassie.lineage.impact.Impacts;
import dev.dassie.lineage.plan.Plans;
import dev.dassie.lineage.reason.Causes;
import dev.dassie.lineage.reason.Reasons;
import dev.dassie.lineage.reproduce.Reproductions;
import dev.dassie.lineage.verdict.Verdicts;
import dev.dassie.metadata.Metadata;
import dev.dassie.pipeline.AccessKeys;
import dev.dassie.pipeline.Crons;
import dev.dassie.pipeline.DatumLimit;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.pipeline.Secrets;
import dev.dassie.pipeline.transaction.Transactions;
import dev.dassie.remote.Archives;
import dev.dassie.retention.Retention;
import dev.dassie.version.Files;
import dev.dassie.version.IdSource;
import dev.dassie.version.References;
import dev.dassie.version.Timer;
import dev.dassie.version.Triggers;
import dev.dassie.version.Versions;
import dev.dassie.version.gather.Gathering;
import dev.dassie.version.merge.Merges;
import dev.dassie.version.multipart.Multiparts;
import dev.dassie.version.multipart.UploadLimits;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.random.RandomGenerator;

/// One instance of Dassie, wired: what the doors hold. Thread-safe.
public final class Dassie implements AutoCloseable {
  private final Versions versions;
  private final Files files;
  private final Gathering gathering;
  private final Multiparts multiparts;
  private final Merges merges;
  private final References references;
  private final Pipelines pipelines;
  private final Crons crons;
  private final Timer timer;
  private final Secrets secrets;
  private final AccessKeys accessKeys;
  private final Transactions transactions;
  private final Results results;
  private final Executor executor;
  private final Scheduler scheduler;
  private final Standing standing;
  private final Jobs jobs;
  private final Queue queue;
  private final Trials trials;
  private final Previews previews;
  private final Lineage lineage;
  private final Reasons reasons;
  private final Impacts impacts;
  private final Plans plans;
  private final Reproductions reproductions;
  private final Causes causes;
  private final Verdicts verdicts;
  private final Archives archives;
  private final Retention retention;

  /// Nothing runs before [#start]. The stores and the executor stay the caller's to close, after
  /// this.
  ///
  /// @param outsides where references are read
  /// @param spillFolder where temporary files may be put; it must exist
  /// @param outlet brings outputs to places outside
  /// @param limit of the datums of a job
  /// @param uploads limits of files that come in parts
  /// @param secretKey the file of the key that secrets are encrypted with; made with the first
  ///   secret
  /// @param random chooses salts; used under a lock
  public Dassie(
      Metadata metadata,
      Packs packs,
      OutsideReader outsides,
      Executor executor,
      Outlet outlet,
      DatumLimit limit,
      UploadLimits uploads,
      Path spillFolder,
      Path secretKey,
      InstantSource clock,
      IdSource ids,
      RandomGenerator random) {
    OpenChunks chunks = new OpenChunks(packs, outsides);
    this.versions = new Versions(metadata, chunks, spillFolder, clock, ids);
    this.files = new Files(versions);
    this.merges = new Merges(versions);
    this.references = new References(outsides);
    this.pipelines = new Pipelines(versions, random);
    this.crons = new Crons(versions, pipelines);
    this.gathering = new Gathering(versions, files);
    this.multiparts = new Multiparts(versions, ids, gathering::writer, uploads);
    this.timer = timer(versions, crons, gathering, multiparts);
    pipelines.refuseBy(spec -> {
      spec.egress().ifPresent(outlet::check);
      executor.check(spec.transform());
    });
    this.secrets = new Secrets(versions, secretKey);
    this.accessKeys = new AccessKeys(versions, secretKey);
    this.transactions = new Transactions(versions, pipelines);
    this.results = new Results(metadata, chunks);
    this.executor = executor;
    PipelineRecipes recipes = new PipelineRecipes(pipelines, secrets, limit);
    this.scheduler = new Scheduler(versions, recipes, results, executor, outlet);
    this.standing = new Standing(versions, pipelines, recipes, executor, Pace.USUAL);
    this.jobs = new Jobs(versions, results, scheduler);
    this.queue = new Queue(scheduler, jobs);
    this.trials = new Trials(scheduler, jobs);
    this.previews = new Previews(versions, results, recipes, executor);
    this.lineage = new Lineage(versions, results, recipes);
    this.reasons =
        new Reasons(
            versions, pipelines, jobs, results, recipes, executor, gathering, standing::status);
    this.impacts = new Impacts(versions, results, recipes);
    this.plans = new Plans(versions, pipelines, merges, results, recipes, executor);
    Reruns reruns = new Reruns(versions, recipes, executor, jobs.grants());
    this.reproductions = new Reproductions(versions, results, reruns);
    this.causes = new Causes(versions, results, recipes, executor);
    this.verdicts = new Verdicts(versions);
    this.archives = new Archives(versions, results);
    this.retention = new Retention(packs, versions);
    retention.keep(marker -> multiparts.held(marker::body));
    retention.keep(marker -> marker.transactions(transactions.held()));
  }

  /// Rings for whatever waits for a time.
  private static Timer timer(
      Versions versions, Crons crons, Gathering gathering, Multiparts multiparts) {
    Triggers triggers = versions.triggers();
    return new Timer(
        versions,
        Map.of(
            Crons.ALARM, crons::ring,
            Gathering.ALARM, gathering::ring,
            Multiparts.ALARM, multiparts::ring,
            Triggers.ALARM, triggers::ring,
            Triggers.DUE, triggers::settle));
  }

  /// Takes up the jobs that are left, and runs new ones from then on.
  public void start() {
    scheduler.start();
    timer.start();
  }

  /// The same, with the processes that stay on a server that they can reach.
  public void start(Host host) {
    start();
    standing.start(host);
  }

  public Versions versions() {
    return versions;
  }

  public Files files() {
    return files;
  }

  public Gathering gathering() {
    return gathering;
  }

  public Multiparts multiparts() {
    return multiparts;
  }

  public Merges merges() {
    return merges;
  }

  public References references() {
    return references;
  }

  public Pipelines pipelines() {
    return pipelines;
  }

  public Crons crons() {
    return crons;
  }

  public Secrets secrets() {
    return secrets;
  }

  public AccessKeys accessKeys() {
    return accessKeys;
  }

  public Transactions transactions() {
    return transactions;
  }

  public Jobs jobs() {
    return jobs;
  }

  public Grants grants() {
    return jobs.grants();
  }

  public Queue queue() {
    return queue;
  }

  public Trials trials() {
    return trials;
  }

  public Standing standing() {
    return standing;
  }

  public Previews previews() {
    return previews;
  }

  public Results results() {
    return results;
  }

  public Lineage lineage() {
    return lineage;
  }

  public Reasons reasons() {
    return reasons;
  }

  public Impacts impacts() {
    return impacts;
  }

  public Plans plans() {
    return plans;
  }

  public Reproductions reproductions() {
    return reproductions;
  }

  public Causes causes() {
    return causes;
  }

  public Verdicts verdicts() {
    return verdicts;
  }

  public Archives archives() {
    return archives;
  }

  public Retention retention() {
    return retention;
  }

  public Executor executor() {
    return executor;
  }

  /// Stops what runs, within 10 seconds; jobs go on at the next start.
  @Override
  public void close() {
    timer.close();
    Thread processes = Thread.ofVirtual().start(standing::close);
    scheduler.close();
    try {
      processes.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
