# The front door of the build. Every target finds JDK 25 through the launcher.
JAVA_HOME := $(shell ./dassie --java-home)
export JAVA_HOME
MVN := mvn -B -ntp

.PHONY: build bench check check-production check-kubernetes image fast format nightly spark run clean
build:            ## jars, native runner and start-up caches under target/dassie
	./dassie --build
check:            ## all that CI runs: formatting, compile with all checks, every test
	$(MVN) -q spotless:check
	$(MVN) verify
	$(if $(CI),$(MAKE) check-kubernetes)
DURATION := 60
check-production: ## PostgreSQL, S3 and servers while they fail, for DURATION seconds
	rm -rf */target/surefire-reports
	$(MVN) -pl acceptance -am integration-test -Ddassie.seconds=$(DURATION) \
	  -Dtest='Postgres*Test,S3*Test,RemoteStoresTest,FaultsTest' -Dsurefire.failIfNoSpecifiedTests=false
	python3 .build/totals.py
check-kubernetes: ## the tests on a real Kubernetes, which is built first: 10 minutes, once; needs Go and root
	@lack=$$(tools/kubernetes/lacking.sh node); if [ -n "$$lack" ]; then echo "SKIPPED: $$lack"; else tools/kubernetes/build.sh; fi
	$(MVN) -pl acceptance -am integration-test -Dtest='*OnKubernetes' -Dsurefire.failIfNoSpecifiedTests=false
	@python3 .build/totals.py OnKubernetes
image:            ## the server as a container image, target/image/dassie-VERSION.tar
	./dassie --build
	deploy/image/build.sh
fast:             ## one module, one test: make fast M=core T=ChunkerTest
	$(MVN) -q -Derrorprone.scope=-XepDisableAllChecks -pl $(M) -am test -Dtest='$(T)' -Dsurefire.failIfNoSpecifiedTests=false
SPARK := $(HOME)/.cache/dassie-spark
nightly:          ## thousands of seeds of the crash simulations, hundreds of kills and full disks; 5 GiB over S3; Spark
	$(MVN) verify -Ddassie.seeds=5000 -Ddassie.rounds=200 -Ddassie.fuzz=50000 \
	  -Dtest='CrashSimulationTest,DiskSimulationTest,KillTest,KillJobsTest,KillSpoutTest,DiskFullTest,FuzzTest' -Dsurefire.failIfNoSpecifiedTests=false
	$(MVN) -pl acceptance -am integration-test -Ddassie.object=5120 -Dtest=S3TransfersTest -Dsurefire.failIfNoSpecifiedTests=false
	$(MAKE) spark
spark:            ## Spark and Delta Lake on buckets; fetches 300 MB of jars, and needs a JDK 17
	$(MVN) -q -f acceptance/s3/spark/pom.xml dependency:copy-dependencies -DoutputDirectory=$(SPARK)
	$(MVN) -pl acceptance -am integration-test -Ddassie.spark=$(SPARK) \
	  -Dtest=SparkNightly -Dsurefire.failIfNoSpecifiedTests=false
format:
	$(MVN) -q spotless:apply
run:              ## a server on a temporary folder
	DASSIE_HOME=$$(mktemp -d) ./dassie server
clean:
	$(MVN) -q clean
	rm -rf target
bench:            ## the budgets, as a Markdown table: make bench, or make bench B="P5 P10"
	./dassie --build
	$(MVN) -q -DskipTests -pl bench -am package
	$(JAVA_HOME)/bin/java -cp bench/target/classes dev.dassie.bench.Main $(B)
