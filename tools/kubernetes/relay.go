package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"time"

	"golang.org/x/sys/unix"
)

const dialPatience = 10 * time.Second

// dialer opens connections from within a network namespace.
type dialer struct {
	target string
	asked  chan chan net.Conn
}

// relay takes connections at listen, in the namespace of this process, to target in the named one.
func relay(listen, namespace, target string) error {
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return err
	}
	inside := dialer{target, make(chan chan net.Conn)}
	failed := make(chan error, 2)
	go func() { failed <- inside.serve(namespace) }()
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				failed <- err
				return
			}
			go inside.join(client)
		}
	}()
	return <-failed
}

// serve stays on one thread, which is the only one that changes its namespace.
func (d dialer) serve(namespace string) error {
	runtime.LockOSThread()
	file, err := os.Open("/run/netns/" + namespace)
	if err != nil {
		return err
	}
	if err := unix.Setns(int(file.Fd()), unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("cannot enter the network namespace %q: %w", namespace, err)
	}
	for answer := range d.asked {
		// An address, not a name: the socket is then made on this very thread.
		conn, err := net.DialTimeout("tcp", d.target, dialPatience)
		if err != nil {
			close(answer)
			continue
		}
		answer <- conn
	}
	return nil
}

// join copies both ways until both have ended.
func (d dialer) join(client net.Conn) {
	defer client.Close()
	answer := make(chan net.Conn, 1)
	d.asked <- answer
	server, ok := <-answer
	if !ok {
		return
	}
	defer server.Close()
	done := make(chan struct{})
	go func() {
		io.Copy(server, client)
		server.(*net.TCPConn).CloseWrite()
		close(done)
	}()
	io.Copy(client, server)
	client.(*net.TCPConn).CloseWrite()
	<-done
}
