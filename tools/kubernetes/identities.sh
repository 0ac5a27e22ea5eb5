# Who may call whom: certificates of an authority of the cluster's own, and a token for each part. Read by start.sh.

new_key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1"; }

certificate() { # NAME SUBJECT EXTENSION
  new_key "$1.key"
  openssl req -new -key "$1.key" -subj "$2" \
    | openssl x509 -req -CA ca.crt -CAkey ca.key -CAcreateserial -days 3650 -extfile <(echo "$3") -out "$1.crt" 2> /dev/null
}

caller() { # NAME USER GROUP: a kubeconfig with a token that the API knows
  local token
  token=$(openssl rand -hex 16)
  echo "$token,$2,$2,$3" >> tokens.csv
  cat > "$1.kubeconfig" << YAML
apiVersion: v1
kind: Config
current-context: kubetest
contexts: [{name: kubetest, context: {cluster: kubetest, user: $1}}]
clusters: [{name: kubetest, cluster: {server: "https://127.0.0.1:$port", certificate-authority-data: $(base64 -w0 ca.crt)}}]
users: [{name: $1, user: {token: $token}}]
YAML
}

make_identities() {
  new_key ca.key
  openssl req -x509 -new -key ca.key -subj /CN=kubetest -days 3650 -out ca.crt
  local names=DNS:localhost,DNS:kubernetes,DNS:kubernetes.default,DNS:kubernetes.default.svc
  certificate api /CN=kube-apiserver "subjectAltName=$names,IP:127.0.0.1,IP:$node_ip,IP:$first_service"
  certificate kubelet "/CN=$node" "subjectAltName=DNS:$node,IP:$node_ip"
  certificate api-to-kubelet /O=system:masters/CN=kube-apiserver extendedKeyUsage=clientAuth
  new_key accounts.key
  openssl ec -in accounts.key -pubout -out accounts.pub 2> /dev/null
  caller admin admin system:masters
  caller controllers system:kube-controller-manager ''
  caller scheduler system:kube-scheduler ''
  caller proxy system:kube-proxy ''
  caller kubelet "system:node:$node" system:nodes
}
