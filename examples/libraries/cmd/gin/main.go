// Command gin is a small API for notes, made with gin: POST /notes, GET /notes/:id, and GET /panic, which shows the recovery.
package main

import (
	"errors"
	"flag"
	"log"
	"net/http"
	"strconv"
	"sync"

	"github.com/gin-gonic/gin"
)

type note struct {
	ID    int    `json:"id"`
	Title string `json:"title" binding:"required,max=40"`
	Stars int    `json:"stars" binding:"gte=0,lte=5"`
}

type notes struct {
	mu  sync.Mutex
	all []note
}

func main() {
	addr := flag.String("addr", ":8080", "where to listen")
	flag.Parse()
	gin.SetMode(gin.ReleaseMode)
	if err := router(new(notes)).Run(*addr); err != nil {
		log.Fatal(err)
	}
}

func router(n *notes) *gin.Engine {
	r := gin.New()
	r.Use(gin.Recovery(), func(c *gin.Context) {
		c.Header("X-Request-Path", c.FullPath())
		c.Next()
	})
	r.POST("/notes", n.post)
	r.GET("/notes/:id", n.get)
	r.GET("/panic", func(*gin.Context) { panic("as asked") })
	return r
}

func (n *notes) post(c *gin.Context) {
	var in note
	if err := c.ShouldBindJSON(&in); err != nil {
		c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	in.ID = len(n.all)
	n.all = append(n.all, in)
	c.JSON(http.StatusCreated, in)
}

func (n *notes) get(c *gin.Context) {
	id, err := strconv.Atoi(c.Param("id"))
	if err != nil {
		c.AbortWithError(http.StatusBadRequest, errors.New("the id is no number"))
		return
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if id < 0 || id >= len(n.all) {
		c.JSON(http.StatusNotFound, gin.H{"error": "no such note"})
		return
	}
	c.JSON(http.StatusOK, n.all[id])
}
