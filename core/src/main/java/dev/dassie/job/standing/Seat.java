package dev.dassie.job.standing;

import dev.dassie.job.Recipes;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Running;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The place of one pipeline's process: who has it, who comes next, and where it is reached from
/// outside. Not thread-safe: [Standing] guards it.
final class Seat {
  private final Resident.Shared around;
  private final Runnable whenSettled;
  private Optional<Resident> newest = Optional.empty();

  /// Those before it that may not be gone yet.
  private final List<Resident> leaving = new ArrayList<>();

  private Optional<Gate> gate = Optional.empty();

  /// What a process that is still beginning is replaced by when it has begun.
  private Optional<Wanted> next = Optional.empty();

  /// Why there is no process, or none with newer data.
  private String lacking = "";

  private record Wanted(Recipes.Recipe recipe, View view) {}

  /// @param whenSettled called from other threads when [#settled] is to be called
  Seat(Resident.Shared around, Runnable whenSettled) {
    this.around = around;
    this.whenSettled = whenSettled;
  }

  /// Makes the process what a version says, with the data that there is.
  void want(Recipes.Recipe recipe, View.Found found) {
    door(recipe.spec());
    lacking = "";
    next = Optional.empty();
    switch (found) {
      case View.Whole(View view) -> replace(new Wanted(recipe, view));
      case View.Mixed(String sentence) -> lacking = sentence;
      case View.Lacking(String sentence) -> {
        end();
        lacking = sentence;
      }
    }
  }

  /// The newest process is over its beginning: what came meanwhile is looked at.
  void settled() {
    Optional<Wanted> waiting = next;
    next = Optional.empty();
    waiting.ifPresent(this::replace);
  }

  private void replace(Wanted wanted) {
    boolean same =
        newest
            .map(Resident::part)
            .filter(part -> part.recipe().commit().equals(wanted.recipe().commit()))
            .filter(part -> part.gate().equals(gate))
            .filter(part -> part.view().isAs(wanted.view()))
            .isPresent();
    if (same) {
      return;
    }
    boolean patient = wanted.recipe().spec().running() instanceof Running.Service;
    if (patient && newest.filter(one -> !one.isSettled()).isPresent()) {
      next = Optional.of(wanted);
      return;
    }
    leaving.removeIf(Resident::isGone);
    Optional<Resident> before =
        newest.isPresent()
            ? newest.get().passOn()
            : leaving.isEmpty() ? Optional.empty() : Optional.of(leaving.getLast());
    newest.ifPresent(leaving::add);
    Resident resident =
        new Resident(
            around, new Resident.Part(wanted.recipe(), wanted.view(), gate), before, whenSettled);
    newest = Optional.of(resident);
    resident.start();
  }

  /// The port of a version: one that stays as it was is kept open, with all who wait there.
  private void door(PipelineSpec spec) {
    Optional<Running.Service> service = spec.running().service();
    boolean same = service.map(Running.Service::externalPort).equals(gate.map(Gate::wanted));
    if (!same) {
      gate.ifPresent(Gate::close);
      gate =
          service.map(
              one -> new Gate(around.host().bind(), one.externalPort(), Gate.Patience.USUAL));
      gate.ifPresent(Gate::start);
    }
  }

  private void end() {
    next = Optional.empty();
    newest.ifPresent(resident -> {
      resident.end();
      leaving.add(resident);
    });
    newest = Optional.empty();
  }

  /// Ends the process, and closes its port.
  void leave() {
    end();
    gate.ifPresent(Gate::close);
    gate = Optional.empty();
    lacking = "";
  }

  /// Whether nothing of it is left.
  boolean isVacant() {
    leaving.removeIf(Resident::isGone);
    return newest.isEmpty() && leaving.isEmpty() && gate.isEmpty();
  }

  /// Lets what its processes wrote go when the last has ended; false where that has.
  boolean forgetAtEnd() {
    leaving.removeIf(Resident::isGone);
    return !leaving.isEmpty() && leaving.getLast().forgetAtEnd();
  }

  /// All that may run.
  List<Resident> residents() {
    List<Resident> all = new ArrayList<>(leaving);
    newest.ifPresent(all::add);
    return all;
  }

  /// How the process does; nothing where there is to be none.
  Optional<Status> status() {
    Optional<Integer> port = gate.flatMap(Gate::port);
    if (newest.isEmpty()) {
      return lacking.isEmpty()
          ? Optional.empty()
          : Optional.of(
              new Status(
                  Status.State.IDLE,
                  around.versions().clock().instant(),
                  0,
                  lacking,
                  port,
                  List.of()));
    }
    Status status = newest.get().status().on(port);
    Optional<String> trouble = gate.flatMap(Gate::trouble);
    if (trouble.isPresent() && status.state() != Status.State.WAITING) {
      return Optional.of(status.with(Status.State.WAITING, trouble.get()));
    }
    boolean late = status.state() == Status.State.RUNNING && !lacking.isEmpty();
    return Optional.of(late ? status.with(status.state(), lacking) : status);
  }
}
