package dev.dassie.cli.command;

import dev.dassie.api.Address;
import dev.dassie.api.Percent;
import picocli.CommandLine.Option;

/// The project that names without one belong to.
public final class Scope {
  @Option(
      names = "--project",
      paramLabel = "NAME",
      defaultValue = "default",
      description = "Project of the names that carry none (${DEFAULT-VALUE}).")
  private String project = "default";

  public String project() {
    return project;
  }

  public Address address(String typed) {
    return Address.parse(typed, project);
  }

  /// The URL path of the project below the API's base.
  public String url() {
    return "/projects/" + Percent.encode(project);
  }
}
