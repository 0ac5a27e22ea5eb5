package main

import (
	"context"
	"fmt"
	"net"
	"strings"

	"golang.org/x/net/dns/dnsmessage"
	discovery "k8s.io/api/discovery/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	core "k8s.io/client-go/listers/core/v1"
	slices "k8s.io/client-go/listers/discovery/v1"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	zone       = ".svc.cluster.local."
	lifeOfName = 5 // seconds
)

// names knows the addresses of services as CoreDNS would tell them: SERVICE.NAMESPACE.svc.cluster.local, and
// HOST.SERVICE.NAMESPACE.svc.cluster.local for the Pods of one without an address of its own.
type names struct {
	services core.ServiceLister
	slices   slices.EndpointSliceLister
}

// serveNames answers questions over UDP.
func serveNames(listen, kubeconfig string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	known := names{factory.Core().V1().Services().Lister(), factory.Discovery().V1().EndpointSlices().Lister()}
	forever := context.Background().Done()
	factory.Start(forever)
	factory.WaitForCacheSync(forever)
	socket, err := net.ListenPacket("udp", listen)
	if err != nil {
		return err
	}
	buffer := make([]byte, 4096)
	for {
		count, from, err := socket.ReadFrom(buffer)
		if err != nil {
			return err
		}
		if answer, err := known.answer(buffer[:count]); err == nil {
			socket.WriteTo(answer, from)
		}
	}
}

// answer refuses what is no question; a name that is not known is an answer.
func (n names) answer(packet []byte) ([]byte, error) {
	var query dnsmessage.Message
	if err := query.Unpack(packet); err != nil {
		return nil, err
	}
	if query.Response || len(query.Questions) != 1 {
		return nil, fmt.Errorf("%d questions", len(query.Questions))
	}
	question := query.Questions[0]
	reply := dnsmessage.Message{
		Header: dnsmessage.Header{ID: query.ID, Response: true, Authoritative: true,
			RecursionDesired: query.RecursionDesired, RecursionAvailable: true},
		Questions: query.Questions,
	}
	addresses, known := n.addresses(question.Name.String())
	if !known {
		reply.RCode = dnsmessage.RCodeNameError
	}
	for _, address := range addresses {
		ip := net.ParseIP(address).To4()
		if ip == nil || question.Type != dnsmessage.TypeA {
			continue
		}
		reply.Answers = append(reply.Answers, dnsmessage.Resource{
			Header: dnsmessage.ResourceHeader{Name: question.Name, Type: question.Type, Class: question.Class, TTL: lifeOfName},
			Body:   &dnsmessage.AResource{A: [4]byte(ip)},
		})
	}
	return reply.Pack()
}

func (n names) addresses(name string) (found []string, known bool) {
	short, within := strings.CutSuffix(strings.ToLower(name), zone)
	parts := strings.Split(short, ".")
	if !within || len(parts) < 2 || len(parts) > 3 {
		return nil, false
	}
	host := strings.Join(parts[:len(parts)-2], "")
	serviceName, namespace := parts[len(parts)-2], parts[len(parts)-1]
	service, err := n.services.Services(namespace).Get(serviceName)
	if err != nil {
		return nil, false
	}
	if service.Spec.ClusterIP != "None" {
		return []string{service.Spec.ClusterIP}, host == ""
	}
	of := labels.SelectorFromSet(labels.Set{discovery.LabelServiceName: serviceName})
	parted, err := n.slices.EndpointSlices(namespace).List(of)
	if err != nil {
		return nil, false
	}
	for _, slice := range parted {
		for _, endpoint := range slice.Endpoints {
			ready := endpoint.Conditions.Ready
			serves := ready == nil || *ready || service.Spec.PublishNotReadyAddresses
			if serves && (host == "" || endpoint.Hostname != nil && *endpoint.Hostname == host) {
				found = append(found, endpoint.Addresses...)
			}
		}
	}
	return found, host == "" || len(found) > 0
}
