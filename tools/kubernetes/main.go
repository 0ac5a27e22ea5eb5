// kubetest is a Kubernetes for tests in one program: its first argument says which part of it to be.
package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

// programs are what Kubernetes itself makes of the rest of the command line.
var programs = map[string]func() *cobra.Command{
	"kube-apiserver":          apiserver.NewAPIServerCommand,
	"kube-controller-manager": controllers.NewControllerManagerCommand,
	"kube-scheduler":          func() *cobra.Command { return scheduler.NewSchedulerCommand() },
	"kube-proxy":              proxy.NewProxyCommand,
	"kubectl":                 kubectl.NewDefaultKubectlCommand,
	"kubelet":                 func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) },
}

// others come from elsewhere. Each ends the process, or serves until it is killed.
var others = map[string]func(arguments []string) error{
	"etcd":   func([]string) error { etcdmain.Main(os.Args); return nil },
	"kwok":   func([]string) error { return pretendNodes() },
	"stages": func([]string) error { return printStages(os.Stdout) },
	"names": func(arguments []string) error {
		return with(arguments, 2, func() error { return serveNames(arguments[0], arguments[1]) })
	},
	"relay": func(arguments []string) error {
		return with(arguments, 3, func() error { return relay(arguments[0], arguments[1], arguments[2]) })
	},
}

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	name := os.Args[1]
	os.Args = os.Args[1:] // each part reads its own command line
	if program, ok := programs[name]; ok {
		os.Exit(cli.Run(program()))
	}
	other, ok := others[name]
	if !ok {
		usage()
	}
	if err := other(os.Args[1:]); err != nil {
		fmt.Fprintf(os.Stderr, "kubetest %s: %v\n", name, err)
		os.Exit(1)
	}
}

func with(arguments []string, count int, run func() error) error {
	if len(arguments) != count {
		return fmt.Errorf("%d arguments were given, expected %d", len(arguments), count)
	}
	return run()
}

func usage() {
	var names []string
	for name := range programs {
		names = append(names, name)
	}
	for name := range others {
		names = append(names, name)
	}
	slices.Sort(names)
	fmt.Fprintln(os.Stderr, "usage: kubetest "+strings.Join(names, "|")+" …")
	os.Exit(2)
}
