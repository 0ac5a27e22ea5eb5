// A bare HTTP file server, a peer of P13: a PUT is a temporary file and a rename, without a sync; a
// GET is the file. Of the standard library alone: `barefiles FOLDER PORT_FILE`.
package main

import (
	"errors"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
)

type files struct{ folder string }

func (f files) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name := filepath.Join(f.folder, filepath.FromSlash(filepath.Clean("/"+r.URL.Path)))
	var err error
	switch r.Method {
	case http.MethodPut:
		err = f.put(r.Body, name)
	case http.MethodGet:
		err = get(w, name)
	default:
		w.WriteHeader(http.StatusMethodNotAllowed)
	}
	if errors.Is(err, fs.ErrNotExist) {
		w.WriteHeader(http.StatusNotFound)
	} else if err != nil {
		log.Print(err)
		w.WriteHeader(http.StatusInternalServerError)
	}
}

func (f files) put(body io.Reader, name string) error {
	temporary, err := os.CreateTemp(f.folder, ".put")
	if err != nil {
		return err
	}
	if _, err = io.Copy(temporary, body); err != nil {
		return err
	}
	if err = temporary.Close(); err != nil {
		return err
	}
	if err = os.Rename(temporary.Name(), name); errors.Is(err, fs.ErrNotExist) {
		if err = os.MkdirAll(filepath.Dir(name), 0o777); err == nil {
			err = os.Rename(temporary.Name(), name)
		}
	}
	return err
}

func get(w http.ResponseWriter, name string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	known, err := file.Stat()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Length", strconv.FormatInt(known.Size(), 10))
	w.Header().Set("Content-Type", "application/octet-stream")
	_, err = io.Copy(w, file)
	return err
}

func main() {
	if err := os.MkdirAll(os.Args[1], 0o777); err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		log.Fatal(err)
	}
	port := strconv.Itoa(listener.Addr().(*net.TCPAddr).Port)
	if err := os.WriteFile(os.Args[2], []byte(port), 0o666); err != nil {
		log.Fatal(err)
	}
	log.Fatal(http.Serve(listener, files{os.Args[1]}))
}
