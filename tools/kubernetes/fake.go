package main

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/pflag"
	"sigs.k8s.io/kwok/kustomize/stage/node/fast"
	lease "sigs.k8s.io/kwok/kustomize/stage/node/heartbeat-with-lease"
	pod "sigs.k8s.io/kwok/kustomize/stage/pod/fast"
	kwokconfig "sigs.k8s.io/kwok/pkg/config"
	kwok "sigs.k8s.io/kwok/pkg/kwok/cmd"
	kwoklog "sigs.k8s.io/kwok/pkg/log"
)

// pretendNodes is kwok: nodes and Pods that exist for the API alone.
func pretendNodes() error {
	flags := pflag.NewFlagSet("kwok", pflag.ContinueOnError)
	flags.ParseErrorsAllowlist.UnknownFlags = true // those of the command itself
	flags.Usage = func() {}
	ctx, _ := kwoklog.InitFlags(context.Background(), flags)
	ctx, err := kwokconfig.InitFlags(ctx, flags)
	if err != nil {
		return err
	}
	command := kwok.NewCommand(ctx)
	command.Version = "" // the flag --version is taken by Kubernetes' own, of another type
	command.PersistentFlags().AddFlagSet(flags)
	return command.ExecuteContext(ctx)
}

// printStages writes how nodes become ready, and Pods run and end: kwok's own files, as they stand in its module.
func printStages(out io.Writer) error {
	for _, stage := range []string{
		fast.DefaultNodeInit, lease.DefaultNodeHeartbeatWithLease,
		pod.DefaultPodReady, pod.DefaultPodComplete, pod.DefaultPodDelete,
	} {
		if _, err := fmt.Fprintf(out, "---\n%s\n", stage); err != nil {
			return err
		}
	}
	return nil
}
